import { createHash } from 'node:crypto';
import type { RecordRef } from '@patchcord/connectors';
import {
  type MemorializationStep,
  type MemorializationStepResult,
  type RecordJob,
  workIdOf,
} from '@patchcord/contracts';

/** What tells one step of a memorialization from the others, whichever revision it is of. A part of a work's id. */
export function stepKeyOf(step: MemorializationStep): string {
  switch (step.kind) {
    case 'plan':
    case 'timeline':
    case 'recording':
      return step.kind;
    case 'update':
      return `update-${printOf(step.record)}`;
    case 'link':
      return `link-${printOf(step.to)}`;
  }
}

/** Ids of records may hold anything, and be long. */
const printOf = ({ module, id }: RecordRef): string =>
  createHash('sha256')
    .update(JSON.stringify([module, id]))
    .digest('base64url')
    .slice(0, 12);

/** Another step of the same memorialization as work of its own. Its id is the same whenever it is made. */
export function stepJob(job: RecordJob, step: MemorializationStep): RecordJob {
  const { callId = '', interactionId, destination, cause, revision, memorialization } = job;
  if (memorialization === undefined) throw new TypeError('the job is of no memorialization');
  // The root's id names call, connection, memorialization and revision.
  const occurrence = `${occurrenceOf(memorialization.root)}-${stepKeyOf(step)}`;
  return {
    ...job,
    workId: workIdOf({ callId, destination, cause, interactionId, occurrence, revision }),
    series: 1,
    memorialization: { ...memorialization, step },
  };
}

/** The part of the root's id that names the memorialization: before the revision, if there is one. */
const occurrenceOf = (root: string): string => root.split('.').findLast((part) => part.startsWith('m-')) ?? 'm';

/** What became of a step that asked the CRM for nothing. Undefined: the job is no step. */
export function stepResult(
  { workId, memorialization }: RecordJob,
  said: Pick<MemorializationStepResult, 'outcome'> & Partial<MemorializationStepResult>,
): MemorializationStepResult | undefined {
  if (memorialization === undefined) return undefined;
  return { step: memorialization.step.kind, workId, fields: [], ...said };
}
