import { setTimeout as delay } from 'node:timers/promises';

/** The promise's value, or a rejection with `late()` after `timeoutMs`. */
export async function within<T>(timeoutMs: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the promise resolves within `timeoutMs`. Its rejection is passed on. */
export async function resolvesWithin(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  const expired = new Error('deadline');
  try {
    await within(timeoutMs, promise, () => expired);
    return true;
  } catch (error) {
    if (error === expired) return false;
    throw error;
  }
}

/** Waits, but not longer than until the signal; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Delay before attempt `attempt` (1-based): doubles up to the maximum, half of it random, so that many do not come at once. */
export function backoffMs({ minMs, maxMs }: Backoff, attempt: number, random: number): number {
  const full = Math.min(maxMs, minMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}
