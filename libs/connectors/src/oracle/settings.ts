import { z } from 'zod';
import { listSetting } from '../crm/list-setting.ts';

const attribute = /^[A-Za-z]\w*$/;

export const settings = z.strictObject({
  /** Where the resources stand, behind the base URL. */
  apiPath: z.string().min(1).default('crmRestApi/resources/11.13.18.05'),
  /** Of the REST framework. Version 1 has another language of queries; from 4 on errors come with their details. */
  frameworkVersion: z.int().min(2, 'expected 2 or newer').max(9).default(4),
  /** What kind of activity a call is. */
  callFunction: z.enum(['CALLREPORT', 'APPOINTMENT', 'TASK']).default('CALLREPORT'),
  /** Its type, a code of the lookup of activity types (`CALL`). Absent: none is sent. */
  callType: z.string().min(1).max(30).optional(),
  /** Attributes for numbers and mail addresses that a pod has not, as `contacts.HomePhoneNumber`: not asked for. */
  withoutAttributes: listSetting(
    /^\w+\.\w+$/,
    'expected contacts.HomePhoneNumber and the like, parted by commas',
  ).prefault(''),
  /** By which attribute of an activity it stands at a record, as `accounts=AccountId`. */
  relatedAttributes: listSetting(/^\w+=\w+$/, 'expected accounts=AccountId and the like, parted by commas').prefault(
    'accounts=AccountId,opportunities=OpportunityId',
  ),
  /** Where people open a record: `{resource}` and `{number}` are put in. Default: the deep link of the Redwood pages. */
  recordUrl: z
    .string()
    .regex(/^https:\/\/.*\{number\}/, 'expected an address with https:// and {number} in it')
    .optional(),
  /** Attribute of an activity that says whose it is. */
  ownerAttribute: z.string().regex(attribute, 'expected the name of an attribute').default('OwnerId'),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiPath }: Settings, ...rest: string[]): string[] => [
  ...apiPath.split('/').filter((part) => part !== ''),
  ...rest,
];

/** Resource to attribute of the activity. */
export const relatedAttributes = ({ relatedAttributes: all }: Settings): ReadonlyMap<string, string> =>
  new Map(all.map((one) => one.split('=') as [string, string]));
