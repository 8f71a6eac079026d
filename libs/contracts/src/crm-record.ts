import { z } from 'zod';
import { token } from './tokens.ts';

/** Something in a CRM, in the CRM's own words: `Contact`, `003…`. */
export const crmRecordRef = z.object({ module: z.string().min(1).max(128), id: z.string().min(1).max(256) });
export type CrmRecordRef = z.infer<typeof crmRecordRef>;

/** A record of a CRM as it is shown to people. */
export const crmHit = z.object({
  ...crmRecordRef.shape,
  /** Id of the `crm-connection` that it is in. */
  connection: token,
  name: z.string(),
  /** Where people open it. */
  url: z.string().optional(),
  /** Of its fields those that were asked for, under the CRM's names. */
  fields: z.record(z.string(), z.unknown()),
  /** How surely it has the number that was looked for, and in which field. */
  match: z.string().optional(),
  field: z.string().optional(),
});
export type CrmHit = z.infer<typeof crmHit>;

/** Modules of which not all have all fields that were asked for: what each has not. The others are told. */
export const lackingFields = z.array(z.object({ module: z.string(), fields: z.array(z.string()) }));
