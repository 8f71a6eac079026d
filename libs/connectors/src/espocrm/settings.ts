import { z } from 'zod';
import { listSetting } from '../crm/list-setting.ts';

export const settings = z.strictObject({
  /** Where the API begins, behind the base URL. */
  apiPath: z.string().default('api/v1'),
  /** Who is assigned to a call that nobody of the CRM spoke (the id of a user). Default: the API user itself. */
  assignedUserId: z.string().optional(),
  /** A field of the entity Call that takes our key (`cPatchcordId`). Default: the key is a line of the description. */
  keyField: z.string().regex(/^\w+$/, 'expected the name of a field').optional(),
  /** What a call can be about: the list of its field Parent. */
  parents: listSetting(/^\w+$/, 'expected Account, Case and the like, parted by commas').prefault(
    'Account,Lead,Contact',
  ),
  /** A record that is like one that is there: refused, or made all the same. */
  duplicates: z.enum(['refuse', 'create']).default('refuse'),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiPath }: Settings, ...rest: string[]): string[] => [
  ...apiPath.split('/').filter((part) => part !== ''),
  ...rest,
];
