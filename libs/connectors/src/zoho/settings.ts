import { z } from 'zod';

const field = z.string().regex(/^[A-Za-z][\w$]*$/, 'expected the API name of a field, as CTI_Id');

export const settings = z.strictObject({
  /** A text field of calls of whose values none may be there twice: then Zoho itself keeps a call from being there twice. */
  callKeyField: field.optional(),
  /** Where the link to the recording stands beside the description, as `Voice_Recording__s`. */
  recordingField: field.optional(),
  /** Where what the agent said of a call stands beside the description, as `Call_Result`. */
  resultField: field.optional(),
  /** Layouts whose outbound calls need a status have it here, as `Outgoing_Call_Status`: it is `Completed`. */
  outboundStatusField: field.optional(),
  /** Rules of Zoho that our writing sets off: workflow, approval, blueprint; parted by commas. */
  triggers: z
    .string()
    .regex(/^[a-z]+(,[a-z]+)*$/, 'expected names parted by commas, as workflow,approval')
    .optional(),
  /** Id of the organisation, as it stands in the addresses that people open (behind `org`). */
  orgId: z.coerce.string().regex(/^\d+$/, 'expected the number of the organisation').optional(),
  /** Where people open it. Default: `crm.` in front of what the API's address has behind `zohoapis`. */
  webUrl: z.url().optional(),
  apiPath: z
    .string()
    .regex(/^[\w./-]+$/, 'expected a path, as crm/v8')
    .default('crm/v8'),
});
export type Settings = z.infer<typeof settings>;

export const path = ({ apiPath }: Settings, ...rest: string[]): string[] => [
  ...apiPath.split('/').filter((part) => part !== ''),
  ...rest,
];

/** Without rules that are named none are set off: left out, Zoho sets them all off. */
export const triggersOf = ({ triggers }: Settings): string[] => triggers?.split(',') ?? [];
