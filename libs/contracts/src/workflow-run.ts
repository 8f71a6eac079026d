import { z } from 'zod';
import { crmHit, crmRecordRef } from './crm-record.ts';
import { failureData } from './failure.ts';
import { rawNumber } from './parties.ts';
import { token } from './tokens.ts';

/** What a workflow is started with. What its configuration says itself need not be told. */
export const workflowInput = z.strictObject({
  /** Of a search by number. Not given: the caller's, or that of whoever was called. */
  phoneNumber: rawNumber.optional(),
  /** Of a search by other than the number: a module and an expression of the CRM's own query language. */
  search: z.strictObject({ entity: z.string().min(1).max(128), filter: z.string().min(1).max(4096) }).optional(),
  /** The record that is updated, or that a timeline entry is about. */
  record: crmRecordRef.optional(),
  /** Values by field that go before those of the configuration: what a person filled in. */
  values: z.record(z.string().min(1).max(128), z.unknown()).optional(),
  /** What a timeline entry says. */
  text: z.string().max(32_768).optional(),
});
export type WorkflowInput = z.infer<typeof workflowInput>;

/** Starts a workflow, or asks again what became of it. */
export const runWorkflowRequest = z.object({
  tenantId: token,
  workflowId: token,
  /** Names this run: the same again does nothing twice, and is answered with what became of it. */
  runId: z.string().regex(/^[A-Za-z0-9_.-]{1,200}$/, 'letters, digits, "_", "-" and "."'),
  input: workflowInput,
  /** The call it belongs to: its values can be used, and its card shows what was found. */
  callId: token.optional(),
  interactionId: token.optional(),
  /** Who started it. */
  by: z.object({ kind: z.enum(['flow', 'automation', 'agent', 'api']), id: z.string().max(256).optional() }),
  /** An answer after this many ms is of no use to anybody; the workflow's own limit holds beside it. */
  budgetMs: z.number().int().min(1).optional(),
});
export type RunWorkflowRequest = z.infer<typeof runWorkflowRequest>;

/** A field of a record that was written, and what became of its value. */
export const fieldResult = z.object({
  field: z.string(),
  /** `cut`: too long, written with a marker at its end. `dropped`: too long, and not to be cut. `empty`: no value. */
  outcome: z.enum(['written', 'cut', 'dropped', 'empty', 'refused']),
  /** Of `refused`: why, without the value. */
  message: z.string().optional(),
});
export type FieldResult = z.infer<typeof fieldResult>;

/**
 * What became of a run. `timeout`: not in time; a record that was being written may be there, and the same run asked
 * again tells. `unable`: the CRM cannot do it, and `message` says what can be done instead.
 */
export const runWorkflowReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    /** The surest first; empty: nobody. */
    records: z.array(crmHit),
    durationMs: z.number(),
  }),
  z.object({
    outcome: z.literal('written'),
    record: crmHit,
    /** It was there already. */
    again: z.boolean(),
    fields: z.array(fieldResult),
    durationMs: z.number(),
  }),
  z.object({ outcome: z.literal('unable'), message: z.string(), durationMs: z.number() }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
  z.object({ outcome: z.literal('timeout'), durationMs: z.number() }),
]);
export type RunWorkflowReply = z.infer<typeof runWorkflowReply>;
