import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type CallRecord, destinationKey, Failure, type RecordJob, redisKeys, streams } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { stepKeyOf } from '../domain/memorialization-steps.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import { redisScript } from './redis-script.ts';

/** Whose turn it is: a revision of one record at one destination. `workId`: whoever has it. */
type TurnOf = Pick<RecordJob, 'tenantId' | 'destination' | 'memorialization' | 'workId' | 'revision'> & {
  readonly record: Pick<CallRecord, 'recordId'>;
};

/** `superseded`: a later revision is written already. `busy`: another revision is being written just now. */
type Turn = 'mine' | 'busy' | 'superseded';

/**
 * Revisions of one record must reach the CRM in their order although each is a job of its own: one at a time, and none
 * after a later one.
 */
export interface RecordTurns {
  take(job: TurnOf, maxMs: number): Promise<Turn>;
  /** `written`: the CRM holds this revision now. */
  end(job: TurnOf, written: boolean): Promise<void>;
}

/** As long as dead work can be replayed, and a while: it must not come after a later revision. */
const rememberMs = streams.deadLetters.maxAgeMs + 24 * 3_600_000;

// The work's own id may take its turn again: it is the one of a process that died.
const takeScript = `
local written, holder = tonumber(redis.call('HGET', KEYS[1], 'written') or 0), redis.call('HGET', KEYS[1], 'holder')
if written > tonumber(ARGV[2]) then return 'superseded' end
local now = tonumber(ARGV[3])
if holder and holder ~= ARGV[1] and tonumber(redis.call('HGET', KEYS[1], 'until')) > now then return 'busy' end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', now + tonumber(ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 'mine'
`;
const endScript = `
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('HDEL', KEYS[1], 'holder', 'until') end
local written = tonumber(redis.call('HGET', KEYS[1], 'written') or 0)
if ARGV[3] == '1' and tonumber(ARGV[2]) > written then redis.call('HSET', KEYS[1], 'written', ARGV[2]) end
return 1
`;

export function createRecordTurns(redis: Redis, now: () => number = Date.now): RecordTurns {
  const keyOf = ({ tenantId, destination, record, memorialization }: TurnOf): string =>
    redisKeys.tenant(tenantId, `record:${destinationKey(destination)}:${record.recordId}${ofStep(memorialization)}`);
  const taking = redisScript(redis, takeScript);
  const ending = redisScript(redis, endScript);
  return {
    take: async (job, maxMs) => {
      const turn = await taking([keyOf(job)], [job.workId, job.revision, now(), maxMs, rememberMs]);
      return turn === 'superseded' || turn === 'busy' ? turn : 'mine';
    },
    end: async (job, written) => {
      await ending([keyOf(job)], [job.workId, job.revision, written ? 1 : 0]);
    },
  };
}

/** Steps of a memorialization have their turns each by itself. */
const ofStep = (of: RecordJob['memorialization']): string =>
  of === undefined ? '' : `:${of.id}:${stepKeyOf(of.step)}`;

/** Another one is asked about so often (ms). */
const busyRetryMs = 250;
/** A turn outlasts its request: what an aborted one still does at the CRM should be over. */
const turnMarginMs = 5000;

/** Writes when it is this revision's turn. `timeoutMs`: of the writing. @throws Failure throttled `record_busy` */
export async function inTurn(
  turns: RecordTurns,
  job: RecordJob,
  timeoutMs: number,
  write: () => Promise<SendOutcome>,
): Promise<SendOutcome | 'superseded'> {
  const turn = await fromRedis(turns.take(job, timeoutMs + turnMarginMs));
  if (turn === 'superseded') return 'superseded';
  if (turn === 'busy') throw busy();
  const outcome = await write();
  await fromRedis(turns.end(job, outcome.ok));
  return outcome;
}

const busy = (): Failure =>
  new Failure('throttled', 'record_busy', 'another revision is being written', {
    retryAt: new Date(Date.now() + busyRetryMs),
  });

interface ByHand {
  readonly tenantId: string;
  readonly connectionId: string;
  /** Under which the CRM has the call. */
  readonly key: string;
  /** Of the waiting and the writing. */
  readonly timeoutMs: number;
}

/**
 * Writes a call by hand while nobody else writes one of this key, whether by hand or as work. Whoever waits for it waits for
 * his turn. It is no revision: it neither supersedes one nor is superseded. @throws Failure throttled `record_busy`
 */
export async function inTurnByHand<Written>(
  turns: RecordTurns,
  { tenantId, connectionId, key, timeoutMs }: ByHand,
  write: () => Promise<Written>,
): Promise<Written> {
  const destination = { kind: 'crm', id: connectionId } as const;
  const workId = `by-hand-${randomUUID()}`;
  const of = { tenantId, destination, record: { recordId: key }, workId, revision: Number.MAX_SAFE_INTEGER };
  const deadline = performance.now() + timeoutMs;
  while ((await fromRedis(turns.take(of, timeoutMs + turnMarginMs))) !== 'mine') {
    if (performance.now() + busyRetryMs >= deadline) throw busy();
    await pause(busyRetryMs);
  }
  try {
    return await write();
  } finally {
    // One that cannot be ended ends by itself.
    await turns.end(of, false).catch(() => undefined);
  }
}
