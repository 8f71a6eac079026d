import { z } from 'zod';

const status = z.number().int().min(1).max(2_147_483_647);

export const settings = z.strictObject({
  /** As in `/api/data/v9.2`. */
  apiVersion: z
    .string()
    .regex(/^([89]|\d{2})\.\d$/, 'expected a version of the Web API from 8.0 on, such as 9.2')
    .default('9.2'),
  /** The property by which a phone call leads to what it is about. Where it is called otherwise, the description of tables is asked. */
  regardingProperty: z
    .string()
    .regex(/^\w*\{module\}\w*$/, 'expected a name with {module} in it')
    .default('regardingobjectid_{module}_phonecall'),
  /** Status reasons of completed phone calls: made and received. */
  statusMade: status.default(2),
  statusReceived: status.default(4),
  /** Completed phone calls are opened before they are changed, and completed again. */
  reopenCalls: z.boolean().default(false),
  /** Id of the app in which people open records. */
  appId: z.guid().optional(),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiVersion }: Settings, ...rest: string[]): string[] => [
  'api',
  'data',
  `v${apiVersion}`,
  ...rest,
];
