import type { CallEvent } from '@patchcord/contracts';
import { byCall } from '../domain/by-call.ts';
import type { FoldCall } from './fold-call.ts';

export interface RebuildProgress {
  /** Events read so far. */
  readonly events: number;
  /** Calls met so far. */
  readonly calls: number;
}

export interface RebuildOptions {
  readonly foldCall: FoldCall;
  /** All events of calls that the stream holds, oldest first. */
  readonly events: AsyncIterable<CallEvent>;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

const batchSize = 500;

/**
 * Folds what the stream holds into the store and publishes nothing. What is there already stays as it is, so it may
 * run beside the service and again after it was broken off.
 */
export async function rebuild({ foldCall, events, onProgress }: RebuildOptions): Promise<RebuildProgress> {
  const met = new Set<string>();
  let read = 0;
  let batch: CallEvent[] = [];
  const flush = async (): Promise<RebuildProgress> => {
    const calls = byCall(batch);
    await Promise.all(calls.map(({ ref, events: ofCall }) => foldCall(ref, ofCall)));
    for (const { ref } of calls) met.add(`${ref.tenantId}:${ref.callId}`);
    read += batch.length;
    batch = [];
    const progress = { events: read, calls: met.size };
    onProgress?.(progress);
    return progress;
  };
  for await (const event of events) {
    batch.push(event);
    if (batch.length >= batchSize) await flush();
  }
  return flush();
}
