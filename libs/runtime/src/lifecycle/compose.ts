import { deadline } from '../deadline.ts';
import type { Logger } from '../logger.ts';

/** Something that is started and stopped with its service. */
export interface Part {
  readonly name: string;
  start?(): Promise<void>;
  stop?(): Promise<unknown>;
}

export interface Composition {
  /** Starts part by part, in order. When one fails, those before it are stopped and its error is thrown. */
  start(): Promise<void>;
  /** Stops what was started, in reverse order. A part that fails or hangs is logged and does not keep the others. */
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly log: Logger;
  /** All parts together have this long to stop (ms). */
  readonly stopTimeoutMs?: number;
}

/** Puts parts together. Order them so that what takes work in comes last: it stops first. */
export function compose(parts: readonly Part[], options: ComposeOptions): Composition {
  const { log, stopTimeoutMs = 6000 } = options;
  const started: Part[] = [];
  const stop = async (): Promise<void> => {
    const endsAt = performance.now() + stopTimeoutMs;
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      // A part at the end of the line still gets a moment, however long those before it took.
      await stopPart(part, Math.max(250, endsAt - performance.now()), log);
    }
  };
  return {
    start: async () => {
      for (const part of parts) {
        try {
          started.push(part);
          await part.start?.();
        } catch (error) {
          await stop();
          throw error;
        }
      }
    },
    stop,
  };
}

async function stopPart(part: Part, timeoutMs: number, log: Logger): Promise<void> {
  try {
    await deadline(Promise.resolve(part.stop?.()), timeoutMs, `stopping ${part.name}`);
  } catch (error) {
    log.warn({ err: error, part: part.name }, 'a part did not stop cleanly');
  }
}
