import { z } from 'zod';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';

/** A person who takes calls. The id is the one by which the PBX's events name him (Asterisk: `1001` of `PJSIP/1001`). */
export const agent = z.strictObject({
  ...entityFields,
  username: z.string().min(1).max(128).optional(),
  /** Where his phone is reached, in the PBX's words; default `PJSIP/<id>`. */
  interface: z.string().min(1).max(256).optional(),
  /** His PBX, where the tenant has several. */
  pbxId: token.optional(),
  /** What CRMs call him: id of the external system to his id there. */
  externalIds: z.record(token, z.string().min(1).max(128)).default({}),
});
export type Agent = z.infer<typeof agent>;

/** A CRM that calls us by its own ids of agents, campaigns and contacts. */
export const externalSystem = z.strictObject({ ...entityFields });
export type ExternalSystem = z.infer<typeof externalSystem>;
