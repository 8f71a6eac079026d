import { createHash } from 'node:crypto';
import {
  type AnyEvent,
  type CardResultRequest,
  type CrmHit,
  type CrmRecordRef,
  type FieldResult,
  type MemorializationStepResult,
  type Memorialized,
  traceparent,
} from '@patchcord/contracts';
import type { MemorializedJob } from '../jobs/catalog.ts';

type Happened = Omit<MemorializedJob, 'kind'> & { readonly steps: readonly MemorializationStepResult[] };

/** One for each writing of one conversation by one memorialization. */
function idOf({ tenantId, memorializationId, recordId, revision }: Happened): string {
  const said = createHash('sha256').update(JSON.stringify([tenantId, memorializationId, recordId, revision]));
  return `memorialized-${said.digest('hex').slice(0, 40)}`;
}

/** What is told when all steps are done. Its id follows from what it is about, so that telling it twice stores it once. */
export function memorializedEvent(happened: Happened, now: number): AnyEvent {
  const { tenantId, traceparent: trace, steps, ...of } = happened;
  const data: Memorialized = { ...of, steps: steps.filter(isTold) };
  const known = traceparent.safeParse(trace);
  return {
    specversion: '1.0',
    id: idOf(happened),
    source: '/service/disposition',
    type: 'patchcord.v1.memorialization.completed',
    subject: of.recordId,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: String(of.revision),
    correlationid: of.callId,
    ...(known.success ? { traceparent: known.data } : {}),
    data,
  };
}

/** A plan that was carried out is told by its steps. */
const isTold = ({ step, outcome }: MemorializationStepResult): boolean => step !== 'plan' || outcome !== 'written';

/** What people see of it on the card; undefined: nothing was written that was not there. */
export function memorializedOnCard(happened: Happened, name: string, now: number): CardResultRequest | undefined {
  const { tenantId, callId, connection, steps } = happened;
  const written = steps.filter(({ outcome, step }) => outcome === 'written' && step !== 'plan');
  const reply = replyOf(happened, written) ?? unableOf(steps);
  if (reply === undefined) return undefined;
  const run = { runId: idOf(happened), name, at: new Date(now).toISOString(), by: 'after-call' } as const;
  return { tenantId, callId, run, connection, reply };
}

function replyOf(
  { connection, revision }: Happened,
  written: readonly MemorializationStepResult[],
): CardResultRequest['reply'] | undefined {
  const first = written.find(({ step, record }) => step === 'update' && record !== undefined) ?? written[0];
  if (first?.record === undefined) return undefined;
  const fields = written.flatMap((one) => one.fields).flatMap((one) => toldField(one));
  return { outcome: 'written', record: hitOf(first.record, connection), again: revision > 1, fields, durationMs: 0 };
}

const hitOf = (record: CrmRecordRef, connection: string): CrmHit => ({ ...record, connection, name: '', fields: {} });

const toldField = ({ outcome, ...field }: MemorializationStepResult['fields'][number]): FieldResult[] =>
  outcome === 'unchanged' ? [] : [{ ...field, outcome }];

function unableOf(steps: readonly MemorializationStepResult[]): CardResultRequest['reply'] | undefined {
  const failed = steps.find(({ outcome }) => outcome === 'unable' || outcome === 'discarded');
  if (failed === undefined) return undefined;
  return { outcome: 'unable', message: failed.message ?? 'it was given up', durationMs: 0 };
}
