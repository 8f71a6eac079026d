import { z } from 'zod';
import { crmRecordRef } from './crm-record.ts';
import { token } from './tokens.ts';
import { fieldResult } from './workflow-run.ts';

/**
 * What has to be done to write one conversation into one CRM. Each is a piece of work of its own, tried again alone.
 * `plan` is the first: who is linked, and which of the others there are.
 */
export const memorializationStep = z.discriminatedUnion('kind', [
  /**
   * `linked`: as the card says. Empty: whoever has the number, if it is one alone, and is none of `unlinked`, which
   * somebody took off the card.
   */
  z.object({ kind: z.literal('plan'), linked: z.array(crmRecordRef), unlinked: z.array(crmRecordRef).default([]) }),
  /** The entry in the timeline; what becomes known later is written into the same. */
  z.object({ kind: z.literal('timeline'), about: z.array(crmRecordRef) }),
  /** The mapped fields of a linked record. */
  z.object({ kind: z.literal('update'), record: crmRecordRef }),
  /** The entry at a further linked record. */
  z.object({ kind: z.literal('link'), call: crmRecordRef, to: crmRecordRef }),
  /** The recording as a note, where the CRM changes no entry that is there. */
  z.object({ kind: z.literal('recording'), at: crmRecordRef }),
]);
export type MemorializationStep = z.infer<typeof memorializationStep>;

/** Which memorialization a piece of work belongs to. */
export const memorializationWork = z.object({
  id: token,
  /** Job in the queue `after-call` that waits for all steps. */
  root: z.string().min(1),
  step: memorializationStep,
});
export type MemorializationWork = z.infer<typeof memorializationWork>;

const memorializedField = z.object({
  ...fieldResult.shape,
  /** `unchanged`: it was written before, and is the same. */
  outcome: z.enum([...fieldResult.shape.outcome.options, 'unchanged']),
});
export type MemorializedFieldResult = z.infer<typeof memorializedField>;

/** What became of a step, without values. Result of its job. */
export const memorializationStepResult = z.object({
  step: z.enum(['plan', 'timeline', 'update', 'link', 'recording']),
  workId: z.string(),
  /**
   * `superseded`: a later revision was written before. `unable`: the CRM cannot do it, or the mapping is gone, and
   * `message` says what can be done. `discarded`: it died, and a person gave it up.
   */
  outcome: z.enum(['written', 'unchanged', 'superseded', 'unable', 'discarded']),
  /** What was written; of a plan: nothing. */
  record: crmRecordRef.optional(),
  message: z.string().optional(),
  fields: z.array(memorializedField).default([]),
});
export type MemorializationStepResult = z.infer<typeof memorializationStepResult>;

/** All steps of one writing of one conversation into one CRM. */
export const memorialized = z.object({
  memorializationId: token,
  /** Id of the `crm-connection`. */
  connection: token,
  callId: token,
  interactionId: token.optional(),
  /** Key under which the CRM holds the entry. */
  recordId: token,
  /** The how-manieth writing: a later one brings what became known since. */
  revision: z.number().int().positive(),
  steps: z.array(memorializationStepResult),
});
export type Memorialized = z.infer<typeof memorialized>;
