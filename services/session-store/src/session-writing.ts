import { createPublisher } from '@patchcord/bus';
import type { ReadSessionReply, WriteSessionReply, WriteSessionRequest } from '@patchcord/contracts';
import type { Part, RedisContext } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { createOpenWrites } from './adapters/open-writes.ts';
import { isInStream } from './adapters/stream-memory.ts';
import type { Settings } from './config.ts';
import type { CallStore } from './domain/ports.ts';
import { sessionEtag } from './domain/session-etag.ts';
import type { CallRef } from './domain/stored-call.ts';
import type { FoldObserver } from './usecases/fold-call.ts';
import { createTelling } from './usecases/tell-written.ts';
import { createWriteSession, type WriteSession } from './usecases/write-session.ts';

export interface SessionWritingOptions {
  readonly service: string;
  readonly redis: Redis;
  readonly store: CallStore;
  readonly observer: Pick<FoldObserver, 'folded' | 'conflict'>;
}

export interface SessionWriting {
  readonly writeSession: WriteSession;
  /** Looks after writes that were left behind, and waits for those under way when it stops. */
  readonly part: Part;
}

/** Nobody is at work on a write any more after this (ms). */
const leftBehindMs = 10_000;
const sweepEveryMs = 5000;

/** Writing into live sessions, with what follows from it. */
export function createSessionWriting(context: RedisContext<Settings>, options: SessionWritingOptions): SessionWriting {
  const { bus, log, config } = context;
  const { service, redis, store, observer } = options;
  const openWrites = createOpenWrites(redis);
  const telling = createTelling({
    publisher: createPublisher(bus),
    store,
    openWrites,
    onTrouble: (err) => log.warn({ err }, 'a write is not in the stream yet; it is tried again'),
  });
  const sweep = async (): Promise<void> => {
    const before = Date.now() - leftBehindMs;
    for (const tenant of config.snapshot().keys()) await telling.sweep(tenant, before);
  };
  const wasThere = (ref: CallRef): Promise<boolean> => isInStream(bus, ref);
  const writeSession = createWriteSession({
    service,
    store,
    openWrites,
    tell: telling.tell,
    wasThere,
    now: Date.now,
    observer,
  });
  const onTrouble = (err: unknown): void => log.warn({ err }, 'writes that were left behind could not be looked after');
  return { writeSession, part: sweepingPart(sweep, onTrouble, () => telling.settled()) };
}

function sweepingPart(
  sweep: () => Promise<void>,
  onTrouble: (error: unknown) => void,
  settled: () => Promise<void>,
): Part {
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  const run = (): void => {
    current = sweep().catch(onTrouble);
  };
  const again = (): void => void current.then(run);
  return {
    name: 'open writes',
    start: async () => {
      run();
      timer = setInterval(again, sweepEveryMs);
    },
    stop: async () => {
      clearInterval(timer);
      await current;
      await settled();
    },
  };
}

export const readSessionBy =
  (store: Pick<CallStore, 'session'>) =>
  async (ref: CallRef): Promise<ReadSessionReply> => {
    const session = await store.session(ref);
    return session === undefined ? { outcome: 'unknown' } : { outcome: 'found', session, etag: sessionEtag(session) };
  };

export const writeSessionBy =
  (writeSession: WriteSession) =>
  async ({ tenantId, callId, ...request }: WriteSessionRequest): Promise<WriteSessionReply> => {
    const done = await writeSession({ ref: { tenantId, callId }, ...request });
    if (!('session' in done)) return done;
    const { version, data = {}, state } = done.session;
    const late = state === 'ended' ? { late: true as const } : {};
    return { outcome: done.outcome, version, etag: sessionEtag(done.session), data, ...late };
  };
