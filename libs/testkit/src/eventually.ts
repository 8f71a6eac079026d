import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  readonly deadlineMs?: number;
  /** What is waited for; begins the error message. */
  readonly what?: string;
}

/**
 * Asks again until the probe neither throws nor gives undefined, null or false, and resolves with what it gave. After
 * the deadline it rejects with the probe's last error as the cause.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { deadlineMs = 10_000, what = 'the expected state' }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + deadlineMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    const seen = await attempt(probe);
    if (seen.ok) return seen.value;
    if (performance.now() >= deadline) throw timedOut(what, deadlineMs, seen.error);
    await sleep(pauseMs);
  }
}

type Seen<T> = { ok: true; value: Exclude<T, undefined | null | false> } | { ok: false; error?: unknown };

async function attempt<T>(probe: () => T | Promise<T>): Promise<Seen<T>> {
  try {
    const value = await probe();
    if (value === undefined || value === null || value === false) return { ok: false };
    return { ok: true, value: value as Exclude<T, undefined | null | false> };
  } catch (error) {
    return { ok: false, error };
  }
}

function timedOut(what: string, deadlineMs: number, cause: unknown): Error {
  const last = cause instanceof Error ? `; last: ${cause.message}` : '';
  return new Error(`${what} did not come about within ${deadlineMs} ms${last}`, { cause });
}
