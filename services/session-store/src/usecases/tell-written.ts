import type { Publisher } from '@patchcord/bus';
import type { CallEvent } from '@patchcord/contracts';
import type { CallStore, OpenWrites } from '../domain/ports.ts';
import type { CallRef } from '../domain/stored-call.ts';

export interface TellWrittenOptions {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly store: Pick<CallStore, 'unpublished' | 'published'>;
  readonly openWrites: OpenWrites;
  readonly onTrouble: (error: unknown) => void;
  /** Whoever wrote waits so long for the stream (ms): every reader sees the write already. */
  readonly waitMs?: number;
}

/** Puts a write that is in the session into the stream. Never rejects, and goes on when it resolved too early. */
export type TellWritten = (ref: CallRef, event: CallEvent) => Promise<void>;

export interface Telling {
  readonly tell: TellWritten;
  /** Tells what was left behind by a process that died, or that could not reach NATS. Rejects when the store cannot be read. */
  sweep(tenantId: string, beforeMs: number): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

const batch = 100;

/** The consumer of the stream publishes the change of the session then, as that of any event. */
export function createTelling(options: TellWrittenOptions): Telling {
  const { publisher, store, openWrites, onTrouble, waitMs = 250 } = options;
  const underWay = new Set<Promise<void>>();
  const tellOne = async (ref: CallRef, event: CallEvent): Promise<void> => {
    await publisher.publish(event);
    await store.published(ref, event);
    await openWrites.settle(ref, event.id);
  };
  return {
    tell: async (ref, event) => {
      const telling = tellOne(ref, event).catch(onTrouble);
      underWay.add(telling);
      void telling.then(() => underWay.delete(telling));
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(timer.resolve, waitMs);
      await Promise.race([telling, timer.promise]);
      clearTimeout(timeout);
    },
    sweep: async (tenantId, beforeMs) => {
      for (;;) {
        const due = await openWrites.due(tenantId, beforeMs, batch);
        for (const { callId, eventId } of due) {
          const ref = { tenantId, callId };
          const left = (await store.unpublished(ref)).find(({ id }) => id === eventId);
          await (left === undefined ? openWrites.settle(ref, eventId) : tellOne(ref, left));
        }
        if (due.length < batch) return;
      }
    },
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
