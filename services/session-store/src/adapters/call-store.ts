import { isCallEvent } from '@patchcord/call-model';
import { type CallEvent, messageIdOf, parseEvent, redisKeys, type Session, session } from '@patchcord/contracts';
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
 * Two hashes per call. KEYS[1]: `version`, `last` (order key) and `session`. KEYS[2]: each event that was folded, by its
 * id, as `{v, e}` with the version it made. Every write goes through here: the version decides whether anything is
 * written, and all is written at once.
 */
const commitScript = createScript(`
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
for at = 6, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[2], ARGV[at]) == 1 then return 0 end
end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'last', ARGV[3], 'session', ARGV[4])
for at = 6, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 1`);

export function createCallStore(options: CallStoreOptions): CallStore {
  const { redis } = options;
  return {
    read: async (ref, events) => {
      const [fields, applied] = await fromRedis(
        Promise.all([
          redis.hmget(sessionKey(ref), 'last', 'session'),
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
    commit: async (ref, commit) => {
      const keys = [sessionKey(ref), eventsKey(ref)];
      return (await fromRedis(commitScript(redis, keys, commitArguments(options, commit)))) === 1;
    },
  };
}

const sessionKey = ({ tenantId, callId }: CallRef): string => redisKeys.call(tenantId, callId, 'session');
const eventsKey = ({ tenantId, callId }: CallRef): string => redisKeys.call(tenantId, callId, 'events');

function commitArguments(options: CallStoreOptions, { expectedVersion, next, applied }: Commit): (string | number)[] {
  const ttlMs = next.session.state === 'ended' ? options.endedTtlMs : options.liveTtlMs;
  const state = [expectedVersion, next.session.version, next.lastKey, JSON.stringify(next.session), ttlMs];
  return [...state, ...applied.flatMap(({ event, version }) => [messageIdOf(event), fromApplied(event, version)])];
}

function toStored([lastKey, text]: readonly (string | null)[]): StoredCall | undefined {
  if (typeof lastKey !== 'string' || typeof text !== 'string') return undefined;
  return { lastKey, session: toSession(text) };
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
  const parsed = parseEvent(e);
  if (!parsed.ok || !isCallEvent(parsed.event)) throw new TypeError('a stored event is not an event of a call');
  return { version, event: parsed.event };
}
