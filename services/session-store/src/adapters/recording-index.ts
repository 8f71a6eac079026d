import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { type IndexedRecording, indexedRecording } from '../domain/indexed-recording.ts';
import type { RecordingIndex, RecordingPosition, RecordingQuery } from '../domain/ports.ts';
import { fileNameIn } from '../domain/recording-file.ts';
import { fromRedis } from './redis-trouble.ts';

export interface RecordingIndexOptions {
  readonly redis: Redis;
  /** How long a recording can be found after it began (ms). */
  readonly keptMs: number;
  readonly now?: () => number;
}

const pageSize = 200;

/**
 * Each recording by its id, and sorted sets of ids by the time at which it began: of the tenant, of each agent, of each
 * call. All keys of a tenant lie on one node. Written again with every change of the call, which changes nothing.
 */
export function createRecordingIndex({ redis, keptMs, now = Date.now }: RecordingIndexOptions): RecordingIndex {
  return {
    keep: async (tenantId, recordings) => {
      const oldest = now() - keptMs;
      const fresh = recordings.filter(({ startedAt }) => Date.parse(startedAt) > oldest);
      await Promise.all(fresh.map((one) => keepOne(redis, tenantId, one, { keptMs, oldest })));
    },
    get: async (tenantId, recordingId) => parsed(await fromRedis(redis.get(entryKey(tenantId, recordingId)))),
    named: async (tenantId, fileName) => {
      const recordingId = await fromRedis(redis.get(nameKey(tenantId, fileName)));
      if (recordingId === null) return undefined;
      return parsed(await fromRedis(redis.get(entryKey(tenantId, recordingId))));
    },
    find: async (tenantId, query) => {
      const found: IndexedRecording[] = [];
      for (let from = 0; found.length < query.limit; from += pageSize) {
        const ids = await idsOf(redis, tenantId, query, from);
        const keys = ids.flatMap((id) => (id.passed ? [] : [entryKey(tenantId, id.recordingId)]));
        const entries = keys.length === 0 ? [] : await fromRedis(redis.mget(keys));
        found.push(...entries.flatMap((text) => parsed(text) ?? []).filter((one) => matches(one, query)));
        if (ids.length < pageSize) break;
      }
      return found.slice(0, query.limit);
    },
  };
}

const entryKey = (tenantId: string, recordingId: string): string =>
  redisKeys.entity(tenantId, 'recording', recordingId);
const nameKey = (tenantId: string, fileName: string): string =>
  redisKeys.entity(tenantId, 'recording-named', fileNameIn(fileName));
const allKey = (tenantId: string): string => redisKeys.tenant(tenantId, 'recordings');
const agentKey = (tenantId: string, agentId: string): string =>
  redisKeys.entity(tenantId, 'recordings-of-agent', agentId);
const callKey = (tenantId: string, callId: string): string => redisKeys.entity(tenantId, 'recordings-of-call', callId);

async function keepOne(
  redis: Redis,
  tenantId: string,
  one: IndexedRecording,
  { keptMs, oldest }: { readonly keptMs: number; readonly oldest: number },
): Promise<void> {
  const startedAt = Date.parse(one.startedAt);
  const sets = [
    allKey(tenantId),
    callKey(tenantId, one.callId),
    ...one.agentIds.map((agentId) => agentKey(tenantId, agentId)),
  ];
  const leftMs = startedAt - oldest;
  const write = redis
    .multi()
    .set(entryKey(tenantId, one.recordingId), JSON.stringify(one), 'PX', leftMs)
    .set(nameKey(tenantId, one.location), one.recordingId, 'PX', leftMs);
  for (const set of sets) {
    write.zadd(set, startedAt, one.recordingId).zremrangebyscore(set, '-inf', oldest).pexpire(set, keptMs);
  }
  await fromRedis(allOf(write.exec()));
}

/** What Redis refuses of a transaction stands in its results. */
async function allOf(answer: Promise<[Error | null, unknown][] | null>): Promise<void> {
  const refused = (await answer)?.find(([error]) => error !== null)?.[0];
  if (refused) throw refused;
}

interface IdInOrder {
  readonly recordingId: string;
  /** It was on an earlier page. */
  readonly passed: boolean;
}

/** Ids newest first, `from` the given one on, of the narrowest set that the query allows. */
async function idsOf(redis: Redis, tenantId: string, query: RecordingQuery, from: number): Promise<IdInOrder[]> {
  const { callId, agentId, fromMs, toMs, after } = query;
  const set =
    callId !== undefined
      ? callKey(tenantId, callId)
      : agentId !== undefined
        ? agentKey(tenantId, agentId)
        : allKey(tenantId);
  const newest = Math.min(after?.startedAtMs ?? Number.POSITIVE_INFINITY, toMs === undefined ? Infinity : toMs - 1);
  const flat = await fromRedis(
    redis.zrevrangebyscore(
      set,
      newest === Number.POSITIVE_INFINITY ? '+inf' : newest,
      fromMs ?? '-inf',
      'WITHSCORES',
      'LIMIT',
      from,
      pageSize,
    ),
  );
  return Array.from({ length: flat.length / 2 }, (_, at) => {
    const recordingId = flat[2 * at] ?? '';
    return { recordingId, passed: isPassed({ startedAtMs: Number(flat[2 * at + 1]), recordingId }, after) };
  });
}

/** Of those that began in the same millisecond Redis gives the greater id first. */
const isPassed = (one: RecordingPosition, after: RecordingPosition | undefined): boolean =>
  after !== undefined && one.startedAtMs === after.startedAtMs && one.recordingId >= after.recordingId;

/** What one of the sets says may be out of date; the entry decides. */
const matches = (one: IndexedRecording, { callId, agentId }: RecordingQuery): boolean =>
  (callId === undefined || one.callId === callId) && (agentId === undefined || one.agentIds.includes(agentId));

function parsed(text: string | null): IndexedRecording | undefined {
  return text === null ? undefined : indexedRecording.parse(JSON.parse(text));
}
