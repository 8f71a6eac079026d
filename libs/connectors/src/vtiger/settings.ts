import { z } from 'zod';

const id = z.string().regex(/^\d+x\d+$/, 'expected an id of Vtiger: the number of the module, x, the record, as 19x5');

export const settings = z.strictObject({
  /** `cloud` is Vtiger Cloud's REST API, `webservice` the `webservice.php` of an installation of one's own. */
  api: z.enum(['webservice', 'cloud']).default('webservice'),
  /** Who owns what nobody else owns (`19x5`). Default: the user of the connection. */
  ownerId: id.optional(),
  /** Where calls are logged. Default: `PBXManager`; of the cloud `PhoneCalls`. */
  callModule: z.string().optional(),
  /** Field of the call that holds our key. */
  keyField: z.string().regex(/^\w+$/, 'expected the name of a field').default('sourceuuid'),
  /** A text field of the call for what is said of it (`cf_901`). Without it a call is an activity as well, which has one. */
  notesField: z.string().regex(/^\w+$/, 'expected the name of a field').optional(),
  /** Where the cloud's API begins, behind the base URL. */
  cloudPath: z.string().default('restapi/v1/vtiger/default'),
});
export type Settings = z.infer<typeof settings>;

export const callModule = ({ api, callModule: named }: Settings): string =>
  named ?? (api === 'cloud' ? 'PhoneCalls' : 'PBXManager');
