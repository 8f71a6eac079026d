import { z } from 'zod';

const fieldName = z.string().regex(/^\w{1,80}$/, 'expected the API name of a field, such as CTI_Call_Id__c');

export const settings = z.strictObject({
  /** As in `/services/data/v60.0`. */
  apiVersion: z
    .string()
    .regex(/^\d{2,3}\.0$/, 'expected a version of the REST API, such as 60.0')
    .default('60.0'),
  /** A text field of Activity, unique and external id: Salesforce then holds the id of a call itself. */
  callKeyField: fieldName.optional(),
  /** A text or URL field of Activity for the recording's address; without it, or when it is longer than 255, the description has it. */
  recordingField: fieldName.optional(),
  /** A record that a duplicate rule warns of is made all the same, where the rule lets people do so. */
  saveDuplicates: z.boolean().default(false),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiVersion }: Settings, ...rest: string[]): string[] => [
  'services',
  'data',
  `v${apiVersion}`,
  ...rest,
];
