import { type Failure, redisKeys } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { ChainableCommander, Redis } from 'ioredis';

/** How requests to CRMs went, for all replicas. Kept back for a moment and written together: nobody waits for it. */
export interface CrmHealthNotes extends Part {
  answered(tenantId: string, connectionId: string, note: { durationMs: number; failure: Failure | undefined }): void;
  /** A limit did not let a request through. */
  refused(tenantId: string, connectionId: string, who: 'caller' | 'work'): void;
  /** Writes what was kept back. Never throws. */
  flush(): Promise<void>;
}

interface Notes {
  readonly tenantId: string;
  readonly connectionId: string;
  /** When it ended (ms since 1970), duration (ms) and 1 if it failed; in this order, separated by blanks. */
  readonly samples: string[];
  lastSuccessAt?: number;
  lastFailure?: string;
  readonly refused: { caller: number; work: number };
}

/** Names of what is remembered. Refusals are counted by the minute. */
export const crmHealthKeys = (tenantId: string, connectionId: string) => ({
  last: redisKeys.entity(tenantId, 'crm-health', connectionId),
  samples: redisKeys.entity(tenantId, 'crm-samples', connectionId),
  refused: (minute: number) => redisKeys.entity(tenantId, `crm-refused-${minute}`, connectionId),
});

/** As many requests are looked at. */
export const mostSamples = 200;
/** Requests and refusals of this time are looked at (ms). */
export const recentMs = 10 * 60_000;
export const minuteMs = 60_000;
const flushMs = 250;
const rememberMs = 8 * 24 * 3_600_000;
const mostMessage = 300;

export function createCrmHealthNotes(redis: Redis): CrmHealthNotes {
  let kept = new Map<string, Notes>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const notes = [...kept.values()];
    kept = new Map();
    // What happened while Redis is away is not told later: it would fill up the memory.
    if (notes.length === 0 || redis.status !== 'ready') return;
    const pipeline = redis.pipeline();
    for (const each of notes) write(pipeline, each);
    await pipeline.exec().catch(() => undefined);
  };
  const notesOf = (tenantId: string, connectionId: string): Notes => {
    timer ??= setTimeout(() => void flush(), flushMs).unref();
    const key = `${tenantId}/${connectionId}`;
    const there = kept.get(key) ?? { tenantId, connectionId, samples: [], refused: { caller: 0, work: 0 } };
    kept.set(key, there);
    return there;
  };
  return {
    name: 'crm-health',
    answered: (tenantId, connectionId, { durationMs, failure }) => {
      const notes = notesOf(tenantId, connectionId);
      const at = Date.now();
      notes.samples.push(`${at} ${Math.round(durationMs)} ${failure === undefined ? 0 : 1}`);
      if (notes.samples.length > mostSamples) notes.samples.shift();
      if (failure === undefined) notes.lastSuccessAt = at;
      else notes.lastFailure = JSON.stringify(shown(failure, at));
    },
    refused: (tenantId, connectionId, who) => {
      notesOf(tenantId, connectionId).refused[who] += 1;
    },
    flush,
    stop: flush,
  };
}

function shown({ class: kind, code, message, status }: Failure, at: number): Record<string, unknown> {
  const told = { at: new Date(at).toISOString(), class: kind, code, message: message.slice(0, mostMessage) };
  return status === undefined ? told : { ...told, status };
}

function write(pipeline: ChainableCommander, notes: Notes): void {
  const { tenantId, connectionId, samples, lastSuccessAt, lastFailure, refused } = notes;
  const keys = crmHealthKeys(tenantId, connectionId);
  if (lastSuccessAt !== undefined) pipeline.hset(keys.last, 'success', lastSuccessAt);
  if (lastFailure !== undefined) pipeline.hset(keys.last, 'failure', lastFailure);
  if (samples.length > 0) {
    pipeline.pexpire(keys.last, rememberMs);
    pipeline.lpush(keys.samples, ...samples).ltrim(keys.samples, 0, mostSamples - 1);
    pipeline.pexpire(keys.samples, recentMs);
  }
  const key = keys.refused(Math.floor(Date.now() / minuteMs));
  for (const who of ['caller', 'work'] as const) if (refused[who] > 0) pipeline.hincrby(key, who, refused[who]);
  if (refused.caller + refused.work > 0) pipeline.pexpire(key, recentMs + minuteMs);
}
