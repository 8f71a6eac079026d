import { type RecordJob, workIdOf } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmFake } from '../harness/crm-fakes.ts';
import { worldTenant } from '../harness/world.ts';

export const afterCallJob = z.looseObject({ kind: z.literal('memorialized'), tenantId: z.string() });

/** The job that waits for all steps, and its id. */
export function rootOf({ memorialization, record, destination }: RecordJob) {
  return {
    jobId: memorialization?.root ?? '',
    job: {
      kind: 'memorialized' as const,
      tenantId: worldTenant,
      memorializationId: destination.id,
      connection: destination.id,
      callId: record.callId,
      recordId: record.recordId,
      revision: 1,
    },
  };
}

/** The first step after a call, about the record with this id. */
export function workOf({ connector, module }: CrmFake, callId: string, id: string): RecordJob {
  const destination = { kind: 'crm', id: connector } as const;
  const idOf = (occurrence: string) => workIdOf({ callId, destination, cause: 'after-call', occurrence });
  const now = new Date().toISOString();
  return {
    kind: 'record',
    workId: idOf(`m-${connector}-plan`),
    tenantId: worldTenant,
    callId,
    destination,
    cause: 'after-call',
    occurredAt: now,
    series: 1,
    revision: 1,
    memorialization: {
      id: connector,
      root: idOf(`m-${connector}`),
      step: { kind: 'plan', linked: [{ module, id }], unlinked: [] },
    },
    record: {
      recordId: callId,
      channel: 'voice',
      callId,
      tenantId: worldTenant,
      direction: 'inbound',
      outcome: 'answered',
      answeredAt: now,
      endedAt: now,
      talkMs: 60_000,
      digits: '',
      variables: {},
      transfers: [],
      recordings: [],
      summary: `the call ${callId}`,
    },
  };
}
