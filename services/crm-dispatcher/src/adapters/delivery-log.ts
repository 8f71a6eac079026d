import { createHash } from 'node:crypto';
import {
  type Delivery,
  type DeliveryAttempt,
  delivery,
  deliveryAttempt,
  destinationKey,
  redisKeys,
} from '@patchcord/contracts';
import { fromRedis, redisTrouble } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DeliveryFacts } from '../domain/delivery.ts';
import { noteDelivery } from './delivery-log-script.ts';
import { type DeliveryPage, type DeliveryQuery, searchDeliveries } from './delivery-search.ts';

interface DeliveryNote {
  readonly facts: DeliveryFacts;
  readonly state: Delivery['state'];
  readonly at: Date;
  readonly nextAttemptAt?: Date | undefined;
  readonly attempt?: DeliveryAttempt | undefined;
  readonly retentionMs: number;
}

/** The delivery log, in Redis: a hash per piece of work and sorted sets to find it by. */
export interface DeliveryLog {
  /** Notes of the same moment go out together. Rejects with own trouble. */
  note(note: DeliveryNote): Promise<void>;
  /** Newest first. */
  list(query: DeliveryQuery): Promise<DeliveryPage>;
  get(tenantId: string, workId: string): Promise<Delivery | undefined>;
}

const sha = createHash('sha1').update(noteDelivery).digest('hex');
const trimEvery = 500;

export function createDeliveryLog(redis: Redis): DeliveryLog {
  let pending: { args: (string | number)[]; done: (error?: Error) => void }[] = [];
  let written = 0;

  const flush = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    const errors = await runScripts(
      redis,
      batch.map(({ args }) => args),
    );
    for (const [at, { done }] of batch.entries()) done(errors[at]);
  };
  return {
    note: (note) =>
      new Promise((resolve, reject) => {
        const trim = ++written % trimEvery === 0;
        const done = (error?: Error): void => (error === undefined ? resolve() : reject(redisTrouble(error)));
        pending.push({ args: noteArgs(note, trim), done });
        if (pending.length === 1) setImmediate(() => void flush());
      }),
    list: (query) => fromRedis(list(redis, query)),
    get: (tenantId, workId) => fromRedis(rows(redis, tenantId, [workId]).then(([row]) => row)),
  };
}

/** The error of each, where there is one. A Redis that does not know the script yet is given it. */
async function runScripts(redis: Redis, calls: readonly (string | number)[][]): Promise<(Error | undefined)[]> {
  try {
    const pipeline = redis.pipeline();
    for (const args of calls) pipeline.evalsha(sha, 5, ...args);
    const results = (await pipeline.exec()) ?? [];
    const errors = calls.map((_args, at) => results[at]?.[0] ?? undefined);
    if (!errors.some((error) => error?.message.startsWith('NOSCRIPT') === true)) return errors;
    await redis.script('LOAD', noteDelivery);
    return await runScripts(redis, calls);
  } catch (error) {
    return calls.map(() => (error instanceof Error ? error : new Error('redis', { cause: error })));
  }
}

const key = (tenantId: string, ...parts: readonly string[]): string =>
  redisKeys.tenant(tenantId, ['deliveries', ...parts].join(':'));

const rowKey = (tenantId: string, workId: string): string => key(tenantId, 'row', workId);

function noteArgs(note: DeliveryNote, trim: boolean): (string | number)[] {
  const { facts, state, at, nextAttemptAt, attempt, retentionMs } = note;
  const { tenantId, workId, callId, destination } = facts;
  return [
    rowKey(tenantId, workId),
    key(tenantId, 'all'),
    key(tenantId, 'to', destinationKey(destination)),
    key(tenantId, 'call', callId ?? ''),
    key(tenantId, 'state', ''),
    workId,
    JSON.stringify(facts),
    Date.parse(facts.createdAt),
    state,
    at.getTime(),
    nextAttemptAt?.toISOString() ?? '',
    attempt === undefined ? '' : JSON.stringify(attempt),
    retentionMs,
    trim ? 1 : 0,
  ];
}

function indexFor({ tenantId, callId, destination, state }: DeliveryQuery): string {
  if (callId !== undefined) return key(tenantId, 'call', callId ?? '');
  if (state !== undefined && state !== 'succeeded') return key(tenantId, 'state', state);
  return destination === undefined ? key(tenantId, 'all') : key(tenantId, 'to', destination);
}

const list = (redis: Redis, query: DeliveryQuery): Promise<DeliveryPage> => {
  const { callId, state, tenantId } = query;
  const byChange = callId === undefined && state !== undefined && state !== 'succeeded';
  const search = {
    redis,
    index: indexFor(query),
    byChange,
    rows: (ids: readonly string[]) => rows(redis, tenantId, ids),
  };
  return searchDeliveries(search, query);
};

async function rows(redis: Redis, tenantId: string, ids: readonly string[]): Promise<Delivery[]> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hgetall(rowKey(tenantId, id));
  const results = (await pipeline.exec()) ?? [];
  return results.flatMap(([error, hash]) => {
    if (error !== null) throw error;
    return toDelivery(hash) ?? [];
  });
}

const storedRow = z.looseObject({ facts: z.string(), state: z.string(), updated: z.string(), next: z.string() });

/** Undefined for a row that has expired. */
function toDelivery(hash: unknown): Delivery | undefined {
  const stored = storedRow.safeParse(hash);
  if (!stored.success) return undefined;
  const { facts, state, updated, next } = stored.data;
  return delivery.parse({
    ...(JSON.parse(facts) as object),
    state,
    updatedAt: new Date(Number(updated)).toISOString(),
    ...(next === '' ? {} : { nextAttemptAt: next }),
    attempts: attemptsOf(stored.data),
  });
}

function attemptsOf(hash: Readonly<Record<string, unknown>>): DeliveryAttempt[] {
  return Object.entries(hash)
    .filter(([field]) => /^a\d+$/.test(field))
    .sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))
    .map(([, json]) => deliveryAttempt.parse(JSON.parse(String(json))));
}
