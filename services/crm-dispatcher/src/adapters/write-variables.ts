import { createHash } from 'node:crypto';
import { type Bus, callRpc } from '@patchcord/bus';
import { asFailure, Failure, rpc, type VariablesJob } from '@patchcord/contracts';
import type { SendOutcome } from '../domain/send-outcome.ts';

/** Writes variables into the session of their call, once however often it is asked. Never throws. */
export type WriteVariables = (job: VariablesJob, series: number) => Promise<SendOutcome>;

/** Somebody else's call waits for none of it; the store answers within milliseconds or not soon (ms). */
const timeoutMs = 3000;

export function createWriteVariables(bus: Bus): WriteVariables {
  return async (job, series) => {
    const startedAt = performance.now();
    const failure = await failureOf(bus, job, series);
    const durationMs = performance.now() - startedAt;
    return failure === undefined ? { ok: true, durationMs } : { ok: false, failure, durationMs };
  };
}

async function failureOf(
  bus: Bus,
  { tenantId, callId, changes, automation, workId }: VariablesJob,
  series: number,
): Promise<Failure | undefined> {
  const by = { kind: 'automation', ...(automation === undefined ? {} : { id: automation.id }) } as const;
  const request = { tenantId, callId, changes, by, idempotencyKey: keyOf(workId, series) };
  try {
    const { outcome } = await callRpc(bus, rpc.writeSession, request, { timeoutMs });
    return outcome === 'gone' || outcome === 'unknown' ? noSession(outcome) : undefined;
  } catch (error) {
    const failure = asFailure(error);
    // It was written already, from an earlier answer to the same request.
    return failure.code === 'idempotency_key_reused' ? undefined : failure;
  }
}

const noSession = (outcome: 'gone' | 'unknown'): Failure =>
  outcome === 'gone'
    ? new Failure('permanent', 'session_gone', 'the call ended so long ago that its session is not kept any more')
    : new Failure('permanent', 'session_unknown', 'no call of this id is known');

const maxKeyLength = 256;

/** A deliberate replay is a write of its own. */
function keyOf(workId: string, series: number): string {
  const key = series > 1 ? `${workId}.s${series}` : workId;
  return key.length <= maxKeyLength ? key : createHash('sha256').update(key).digest('base64url');
}
