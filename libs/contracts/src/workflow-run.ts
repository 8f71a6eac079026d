import { z } from 'zod';
import { crmHit, lackingFields } from './crm-record.ts';
import { failureData } from './failure.ts';
import { rawNumber } from './parties.ts';
import { token } from './tokens.ts';

/** It may become part of a query: a name, and nothing of the query's language. */
const moduleName = z
  .string()
  .max(128)
  .regex(
    /^[\p{L}\p{N}_$][\p{L}\p{N}_$:-]*(?:\.[\p{L}\p{N}_$:-]+)*$/u,
    "expected the module's name in the CRM, e.g. Contact",
  );

/** It may become part of a path: `.` and `..` would lead elsewhere. */
const recordId = z
  .string()
  .min(1)
  .max(256)
  .regex(/^(?!\.{1,2}$)[^\p{C}\s/\\]+$/u, 'expected the id of a record, without spaces and slashes');

/** A value of a field: text, a number, yes or no, nothing, or a list of them. */
const one = z.union([z.string().max(32_768), z.number(), z.boolean(), z.null()]);
export const crmValue = z.union([one, z.array(one).max(200)], {
  error: 'expected a text of at most 32768 characters, a number, true, false, null, or a list of them',
});
export type CrmValue = z.infer<typeof crmValue>;

/** What a workflow is started with. What its configuration says itself need not be told. */
export const workflowInput = z.strictObject({
  /** Of a search by number. Not given: the caller's, or that of whoever was called. */
  phoneNumber: rawNumber.optional(),
  /** Of a search by other than the number: a module and an expression of the CRM's own query language. */
  search: z.strictObject({ entity: moduleName, filter: z.string().min(1).max(4096) }).optional(),
  /** The record that is updated, or that a timeline entry is about. */
  record: z.strictObject({ module: moduleName, id: recordId }).optional(),
  /** Values by field that go before those of the configuration: what a person filled in. Only of fields that it allows. */
  values: z
    .record(z.string().min(1).max(128), crmValue)
    .refine((values) => Object.keys(values).length <= 200, 'expected at most 200 fields')
    .optional(),
  /** What a timeline entry says. */
  text: z.string().max(32_768).optional(),
});
export type WorkflowInput = z.infer<typeof workflowInput>;

export const workflowRunId = z.string().regex(/^[A-Za-z0-9_.-]{1,256}$/, 'letters, digits, "_", "-" and "."');

/** Starts a workflow, or asks again what became of it. */
export const runWorkflowRequest = z.object({
  tenantId: token,
  workflowId: token,
  /**
   * Names this run: the same again does nothing twice, and is answered with what became of it. One that failed for a while
   * is tried again. With another call or input it is refused (`run_differs`); the values of a flow, and of an automation,
   * may have changed meanwhile.
   */
  runId: workflowRunId,
  input: workflowInput,
  /** The call it belongs to: its values can be used, and its card shows what was found. */
  callId: token.optional(),
  interactionId: token.optional(),
  /** Who started it. */
  by: z.object({ kind: z.enum(['flow', 'automation', 'agent', 'api', 'card']), id: z.string().max(256).optional() }),
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
 * again tells. `unable`: the CRM cannot do it, and `message` says what can be done instead. `failed`, by its code:
 * `workflow_unknown`, `workflow_disabled`, `input_missing`, `record_unknown` and `record_ambiguous` (it is not clear which
 * record is meant: nothing was written), `run_differs` (this run was started with something else), `write_unknown` (whether it was written is not known: it is not repeated).
 */
export const runWorkflowReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    /** The surest first; empty: nobody. */
    records: z.array(crmHit),
    /** Why nobody was looked for: it is no number of the public network, or one of our own. */
    note: z.string().optional(),
    /** Modules that have not all fields that were asked for, and which of them they have not. */
    lacking: lackingFields.optional(),
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

/** What became of a run, without starting it. */
export const workflowRunRequest = z.object({ tenantId: token, workflowId: token, runId: workflowRunId });
export const workflowRunReply = z.discriminatedUnion('state', [
  /** There is none, or it is longer ago than outcomes are kept. */
  z.object({ state: z.literal('unknown') }),
  /** It is under way, or the process that did it has stopped: the same run started again goes on with it. */
  z.object({ state: z.literal('running'), startedAt: z.iso.datetime() }),
  z.object({ state: z.literal('ended'), startedAt: z.iso.datetime(), reply: runWorkflowReply }),
]);
export type WorkflowRunReply = z.infer<typeof workflowRunReply>;

/** The variable in which a flow is told what became of its workflow, e.g. `app.workflows.who-calls`. */
export const workflowOutcomeKey = (workflowId: string): string => `app.workflows.${workflowId}`;

/** What a flow goes by. `found`: one; `several`; `none`; `done`: written; `failed`: also what the CRM cannot do. */
export const workflowOutcomes = ['found', 'several', 'none', 'done', 'failed', 'timeout'] as const;
export const workflowOutcome = z.object({
  /** The run that it is the outcome of. */
  run: z.string(),
  outcome: z.enum(workflowOutcomes),
  /** Of `failed`: its code. */
  code: z.string().optional(),
});
export type WorkflowOutcome = z.infer<typeof workflowOutcome>;
