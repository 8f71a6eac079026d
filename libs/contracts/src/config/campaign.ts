import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';

export const dispositionOption = z.strictObject({ id: token, name: z.string().min(1).max(128) });
export type DispositionOption = z.infer<typeof dispositionOption>;

/** After-call work of the agents of a campaign. */
export const acwSettings = z
  .strictObject({
    /** How long an agent has for it; 0 means that there is none and the record is written at once. */
    timeoutMs: z
      .number()
      .int()
      .min(0)
      .max(24 * 3_600_000)
      .default(30_000),
  })
  .prefault({});

/** Which calls belong together, and what is done with them. */
export const campaign = z.strictObject({
  ...entityFields,
  /** A call belongs to the first campaign (by id) that names its queue or DID; one without either takes the rest. */
  match: z
    .strictObject({
      queues: z.array(z.string().min(1).max(128)).default([]),
      dids: z.array(z.string().min(1).max(64)).default([]),
    })
    .prefault({}),
  /** External sites that are told about its calls. */
  sites: z.array(token).max(20).default([]),
  /** CRM connections that get the after-call record. */
  records: z.array(token).max(5).default([]),
  dispositions: z.array(dispositionOption).max(200).default([]),
  acw: acwSettings,
});
export type Campaign = z.infer<typeof campaign>;
