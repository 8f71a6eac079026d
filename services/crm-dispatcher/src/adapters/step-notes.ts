import type { RecordRef } from '@patchcord/connectors';
import { crmRecordRef, memorializationStepResult, type RecordJob, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { stepKeyOf } from '../domain/memorialization-steps.ts';

const stepNote = z.object({
  /** Of what was written last. */
  print: z.string().optional(),
  /** Where it stands. */
  ref: crmRecordRef.optional(),
  /** Of a plan: whom it was about. */
  linked: z.array(crmRecordRef).optional(),
  /** Field to print of the value that stands there. */
  fields: z.record(z.string(), z.string()).default({}),
  /** Field to print of the value that the CRM refused, and why. */
  refused: z.record(z.string(), z.object({ print: z.string(), message: z.string() })).default({}),
  /** Series of attempts in which it was begun last, when how that ended is not known. */
  begunIn: z.number().optional(),
  /** What was said of it by the revision that wrote it last. */
  said: z
    .object({ revision: z.number(), done: memorializationStepResult.omit({ step: true, workId: true }) })
    .optional(),
  /** Fields that the revision which wrote last has written. */
  latest: z.object({ revision: z.number(), fields: z.array(z.string()) }).optional(),
  /** Of the entry as the CRM took it, or may have taken it, where it changes no entry: prints of it and its recording. */
  first: z.object({ print: z.string(), recording: z.string().optional() }).optional(),
});
export type StepNote = z.infer<typeof stepNote>;

/**
 * What steps of memorializations have written, so that a later revision writes only what changed. For all replicas; a
 * step has its turn while it reads and writes its note.
 */
export interface StepNotes {
  read(job: RecordJob): Promise<StepNote>;
  keep(job: RecordJob, note: Partial<StepNote>): Promise<void>;
  /** Where the entry of the timeline stands. */
  callOf(job: RecordJob): Promise<RecordRef | undefined>;
}

/** Longer than work is tried again, and than a call is corrected. */
const rememberMs = 30 * 24 * 3_600_000;
const nothing: StepNote = { fields: {}, refused: {} };

export function createStepNotes(redis: Redis): StepNotes {
  const keyOf = ({ tenantId, record, memorialization: of }: RecordJob): string =>
    redisKeys.entity(tenantId, `memorialized:${of?.id ?? ''}`, record.recordId);
  const readStep = async (job: RecordJob, step: string): Promise<StepNote> => {
    const stored = await fromRedis(redis.hget(keyOf(job), step));
    return stored === null ? nothing : stepNote.parse(JSON.parse(stored));
  };
  return {
    read: (job) => readStep(job, nameOf(job)),
    keep: async (job, note) => {
      const key = keyOf(job);
      const writing = redis.multi().hset(key, nameOf(job), JSON.stringify({ ...nothing, ...note }));
      await fromRedis(writing.pexpire(key, rememberMs).exec());
    },
    callOf: async (job) => (await readStep(job, 'timeline')).ref,
  };
}

const nameOf = ({ memorialization: of }: RecordJob): string => (of === undefined ? '' : stepKeyOf(of.step));
