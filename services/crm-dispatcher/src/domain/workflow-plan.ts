import { crmRecordRef, crmValue, workflowRecordSources } from '@patchcord/contracts';
import { z } from 'zod';

const values = z.record(z.string(), crmValue);
const target = {
  /** The one it was started with. */
  record: crmRecordRef.optional(),
  from: z.array(z.enum(workflowRecordSources)),
  /** For a search by number. */
  number: z.string().optional(),
};
const empty = z.array(z.string());

const createPlan = z.object({
  type: z.literal('create'),
  module: z.string(),
  values,
  /** Fields whose placeholders had no value. */
  empty,
  unique: z.object({ field: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }).optional(),
});
export type CreatePlan = z.infer<typeof createPlan>;

const updatePlan = z.object({ type: z.literal('update'), module: z.string(), values, empty, ...target });
export type UpdatePlan = z.infer<typeof updatePlan>;

/** An entry as it will stand in the timeline, but for the records that it is about. */
const timelineEntry = z.object({
  key: z.string(),
  subject: z.string(),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  startedAt: z.string(),
  endedAt: z.string(),
  durationSeconds: z.number(),
  from: z.string().optional(),
  to: z.string().optional(),
  outcome: z.enum(['answered', 'missed', 'abandoned', 'failed']),
  disposition: z.string().optional(),
  notes: z.string(),
  recordingUrl: z.string().optional(),
  userId: z.string().optional(),
  fields: values.optional(),
});

const timelinePlan = z.object({ type: z.literal('timeline'), entry: timelineEntry, ...target });
export type TimelinePlan = z.infer<typeof timelinePlan>;

/** What a workflow writes: settled when it is started, and the same for whoever goes on with it. */
export const writePlan = z.discriminatedUnion('type', [createPlan, updatePlan, timelinePlan]);
export type WritePlan = z.infer<typeof writePlan>;

interface PhonePlan {
  readonly type: 'phone';
  readonly number: string;
  readonly modules?: readonly string[];
  readonly fields: readonly string[];
  readonly limit: number;
}

export interface FilterPlan {
  readonly type: 'filters';
  readonly filters: readonly {
    readonly module: string;
    readonly equals?: Readonly<Record<string, string | number | boolean>>;
    readonly expression?: string;
  }[];
  readonly fields: readonly string[];
  readonly limit: number;
}

/** Nobody can be meant. */
export interface NobodyPlan {
  readonly type: 'nobody';
  readonly note: string;
}

export type SearchPlan = PhonePlan | FilterPlan | NobodyPlan;
export type WorkflowPlan = SearchPlan | WritePlan;
