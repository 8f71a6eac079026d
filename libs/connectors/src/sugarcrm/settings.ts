import { z } from 'zod';

export const settings = z.strictObject({
  /** Version of the REST API in its address. Keys of calls need `v11_10` (Sugar 10.2) at least. */
  apiVersion: z
    .string()
    .regex(/^v\d+(_\d+)?$/, 'expected a version as v11_10')
    .default('v11_10'),
  /** Under which name we log in. One user has one log-in per platform: a name that nobody else uses. */
  platform: z
    .string()
    .regex(/^[\w-]{1,127}$/, 'expected letters, digits, _ and -')
    .default('patchcord'),
  /** Of an OAuth key that was made in Sugar; its secret is `clientSecret` of the connection. `sugar` has none. */
  clientId: z.string().min(1).max(255).default('sugar'),
  /**
   * How a call is known again: `sync-key` is Sugar's own key of records, which only administrators may write; `text` is a
   * line of the description.
   */
  callKey: z.enum(['sync-key', 'text']).default('sync-key'),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiVersion }: Settings, ...rest: string[]): string[] => ['rest', apiVersion, ...rest];
