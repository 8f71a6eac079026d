import { z } from 'zod';

export const settings = z.strictObject({
  /** Where the V8 API begins, behind the base URL: `legacy/Api` for SuiteCRM 8. */
  apiPath: z.string().default('Api'),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiPath }: Settings, ...rest: string[]): string[] => [
  ...apiPath.split('/').filter((part) => part !== ''),
  'V8',
  ...rest,
];
