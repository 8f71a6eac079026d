import type { KV, KvWatchEntry } from '@nats-io/kv';
import type { Bus } from '../connect.ts';
import { createRecovery } from '../recovery.ts';
import { within } from '../within.ts';
import { createProgress, type Progress } from './progress.ts';

export interface BucketWatchOptions {
  readonly bus: Bus;
  readonly kv: KV;
  /** All keys' last values, after each (re)start of the watch. */
  readonly onLoaded: (entries: readonly KvWatchEntry[]) => void;
  readonly onUpdate: (entry: KvWatchEntry) => void;
}

export interface BucketWatch {
  /** Resolves when this revision was handed over. */
  readonly reached: Progress['reached'];
  readonly close: () => void;
}

type Entries = Awaited<ReturnType<KV['watch']>>;
/** A watch can be iterated once: what loads it hands the same iterator to what follows it. */
type Iterator = AsyncIterator<KvWatchEntry>;

const loadDeadlineMs = 10_000;

/**
 * Follows the bucket for ever. After each reconnect, and whenever the watch ends or proves to have missed something,
 * the whole bucket is read again: that needs no assumption on what a restarted server remembers of a watcher.
 */
export async function watchBucket({ bus, kv, onLoaded, onUpdate }: BucketWatchOptions): Promise<BucketWatch> {
  const progress = createProgress();
  let current: Entries | undefined;
  let closed = false;
  const active = (): boolean => !closed && !bus.nc.isClosed();
  const restart = async (): Promise<void> => {
    current?.stop();
    const entries = await kv.watch();
    current = entries;
    const iterator = entries[Symbol.asyncIterator]();
    const target = await lastRevision(kv);
    onLoaded(await within(readUpTo(iterator, target), loadDeadlineMs));
    progress.advance(target);
    void follow(iterator).then(() => entries === current && recovery.start());
  };
  const follow = async (iterator: Iterator): Promise<void> => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      onUpdate(next.value);
      progress.advance(next.value.revision);
    }
  };
  const recovery = createRecovery({ attempt: restart, active, onRecovered: () => undefined });
  await restart();
  const forget = bus.onReconnect(recovery.start);
  const stopAudit = auditRegularly(kv, progress, recovery.start);
  return {
    reached: progress.reached,
    close: () => {
      closed = true;
      forget();
      stopAudit();
      current?.stop();
    },
  };
}

const auditIntervalMs = 10_000;

/** Compares the newest revision of the bucket with what the watch brought: twice behind means that it brings nothing. */
function auditRegularly(kv: KV, progress: Progress, onBehind: () => void): () => void {
  let expected = 0;
  const audit = async (): Promise<void> => {
    if (progress.revision() < expected) onBehind();
    expected = await lastRevision(kv).catch(() => 0);
  };
  const timer = setInterval(() => void audit(), auditIntervalMs).unref();
  return () => clearInterval(timer);
}

async function lastRevision(kv: KV): Promise<number> {
  const { state } = (await kv.status()).streamInfo;
  return state.messages === 0 ? 0 : state.last_seq;
}

/** Reads up to a revision that was there before: the last message of a bucket is always the last of its key. */
async function readUpTo(iterator: Iterator, target: number): Promise<KvWatchEntry[]> {
  const read: KvWatchEntry[] = [];
  while ((read.at(-1)?.revision ?? 0) < target) {
    const next = await iterator.next();
    if (next.done === true) throw new Error('the watch ended before all was read');
    read.push(next.value);
  }
  return read;
}
