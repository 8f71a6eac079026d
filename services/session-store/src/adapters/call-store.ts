import {
  type CallEvent,
  isCallEvent,
  messageIdOf,
  parseEvent,
  redisKeys,
  type Session,
  session,
} from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CallStore, Commit } from '../domain/ports.ts';
import type { AppliedEvent, CallRef, StoredCall } from '../domain/stored-call.ts';
import { fromRedis } from './redis-trouble.ts';
import { createScript } from './script.ts';

export interface CallStoreOptions {
  readonly redis: Redis;
  /** How long a call is kept after its last event when it has not ended (ms). */
  readonly liveTtlMs: number;
  /** How long a call is kept after its last event when it has ended (ms). */
  readonly endedTtlMs: number;
}

/**
 * Three hashes per call. KEYS[1]: `version`, `last` and `written` (order keys of both lanes) and `session`. KEYS[2]: each
 * event that was folded, by its id, as `{v, e}` with the version it made. KEYS[3]: events that were made here and are not
 * known to be in the stream, by their id (ARGV[7], ARGV[8]; empty: none). Every write goes through here: the version
 * decides whether anything is written, and all is written at once.
 */
const commitScript = createScript(`
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
for at = 9, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[2], ARGV[at]) == 1 then return 0 end
end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'last', ARGV[3], 'written', ARGV[4], 'session', ARGV[5])
for at = 9, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[3], ARGV[7], ARGV[8]) end
for at = 1, 3 do redis.call('PEXPIRE', KEYS[at], ARGV[6]) end
return 1`);

export function createCallStore(options: CallStoreOptions): CallStore {
  const { redis } = options;
  return {
    read: async (ref, events) => {
      const [fields, applied] = await fromRedis(
        Promise.all([
          redis.hmget(sessionKey(ref), 'last', 'written', 'session'),
          redis.hmget(eventsKey(ref), ...events.map(messageIdOf)),
        ]),
      );
      return { stored: toStored(fields), versions: applied.map(versionOf) };
    },
    session: async (ref) => {
      const text = await fromRedis(redis.hget(sessionKey(ref), 'session'));
      return text === null ? undefined : toSession(text);
    },
    applied: async (ref) => (await fromRedis(redis.hvals(eventsKey(ref)))).map(toApplied),
    unpublished: async (ref) => (await fromRedis(redis.hvals(unpublishedKey(ref)))).map(toCallEvent),
    published: async (ref, event) => {
      await fromRedis(redis.hdel(unpublishedKey(ref), messageIdOf(event)));
    },
    commit: async (ref, commit) => {
      const keys = [sessionKey(ref), eventsKey(ref), unpublishedKey(ref)];
      return (await fromRedis(commitScript(redis, keys, commitArguments(options, commit)))) === 1;
    },
  };
}

const sessionKey = ({ tenantId, callId }: CallRef): string => redisKeys.call(tenantId, callId, 'session');
const unpublishedKey = (ref: CallRef): string => redisKeys.call(ref.tenantId, ref.callId, 'unpublished');
const eventsKey = ({ tenantId, callId }: CallRef): string => redisKeys.call(tenantId, callId, 'events');

function commitArguments(
  options: CallStoreOptions,
  { expectedVersion, next, applied, unpublished }: Commit,
): (string | number)[] {
  const ttlMs = next.session.state === 'ended' ? options.endedTtlMs : options.liveTtlMs;
  const { session: changed, lastKeys } = next;
  const state = [expectedVersion, changed.version, lastKeys.call, lastKeys.data, JSON.stringify(changed), ttlMs];
  const outgoing = unpublished === undefined ? ['', ''] : [messageIdOf(unpublished), JSON.stringify(unpublished)];
  return [
    ...state,
    ...outgoing,
    ...applied.flatMap(({ event, version }) => [messageIdOf(event), fromApplied(event, version)]),
  ];
}

function toStored([call, data, text]: readonly (string | null)[]): StoredCall | undefined {
  if (typeof call !== 'string' || typeof text !== 'string') return undefined;
  return { lastKeys: { call, data: data ?? '' }, session: toSession(text) };
}

const toSession = (text: string): Session => session.parse(JSON.parse(text));

const appliedEvent = z.object({ v: z.number(), e: z.unknown() });

const fromApplied = (event: CallEvent, version: number): string => JSON.stringify({ v: version, e: event });

/** The version stands in front, so that a duplicate is recognised without reading the event. */
function versionOf(text: string | null): number | undefined {
  return text === null ? undefined : Number.parseInt(text.slice('{"v":'.length), 10);
}

function toApplied(text: string): AppliedEvent {
  const { v: version, e } = appliedEvent.parse(JSON.parse(text));
  return { version, event: callEventOf(e) };
}

const toCallEvent = (text: string): CallEvent => callEventOf(JSON.parse(text));

function callEventOf(value: unknown): CallEvent {
  const parsed = parseEvent(value);
  if (!parsed.ok || !isCallEvent(parsed.event)) throw new TypeError('a stored event is not an event of a call');
  return parsed.event;
}
