import { z } from 'zod';
import { loggedOutcomes } from './config/call-logging.ts';
import { channel } from './digital.ts';
import { direction } from './parties.ts';
import { token } from './tokens.ts';

/** A conversation that never was, as far as somebody says what it was like. */
export const memorializationSample = z.strictObject({
  channel: channel.default('voice'),
  direction: direction.default('inbound'),
  outcome: z.enum(loggedOutcomes).default('answered'),
  /** Of the customer. */
  number: z.string().min(1).max(64).default('+14155550123'),
  name: z.string().max(256).default('Joe Caller'),
  /** Who took it. Default: the first agent of the tenant. */
  agentId: token.optional(),
  disposition: z.string().min(1).max(256).default('Solved'),
  comments: z.string().max(8192).default(''),
  talkSeconds: z.number().int().min(0).max(86_400).default(61),
  /** Values by name of what others choose the names of, e.g. `ivr.order`. What is not given is `sample`. */
  values: z.record(z.string().min(1).max(256), z.string().max(8192)).default({}),
});
export type MemorializationSample = z.infer<typeof memorializationSample>;

const previewedField = z.object({
  /** In the words of the CRM. Of the entry's own texts: `subject`, `notes`, `disposition`, `recordingUrl`. */
  field: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** `cut`: too long, the value ends in a marker. `dropped`: too long, left out. `empty`: there is no value. */
  outcome: z.enum(['written', 'cut', 'dropped', 'empty']),
  /** Most characters, where they are known. */
  maxLength: z.number().int().optional(),
});
export type PreviewedField = z.infer<typeof previewedField>;

export const memorializationPreviewRequest = z.object({
  tenantId: token,
  /** As it would be stored. */
  memorialization: z.unknown(),
  sample: memorializationSample.prefault({}),
});
export type MemorializationPreviewRequest = z.infer<typeof memorializationPreviewRequest>;

export const memorializationPreviewReply = z.object({
  /** The entry in the timeline. Absent: none is written, and `why` says the reason. */
  timeline: z
    .object({ module: z.string(), texts: z.array(previewedField), fields: z.array(previewedField) })
    .optional(),
  why: z.string().optional(),
  /** Linked records of these modules are changed. */
  entities: z.array(z.object({ module: z.string(), fields: z.array(previewedField) })),
  /** Modules whose fields the CRM did not tell now: how long their texts may be is not known. */
  unread: z.array(z.object({ module: z.string(), message: z.string() })),
});
export type MemorializationPreviewReply = z.infer<typeof memorializationPreviewReply>;
