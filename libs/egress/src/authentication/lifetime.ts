import type { StoredToken } from './types.ts';

/** How long a token is used whose lifetime the answer does not say in a way that can be read (s). */
const unknownLifetimeSeconds = 60;
const maxLifetimeSeconds = 31_536_000;
/** Tokens are renewed this long before they end, or in the last tenth of a short life (ms). */
const marginMs = 30_000;

/** Seconds as JSON says them: a number, or a text that is one. Undefined for anything else, and for nothing or less. */
export function readSeconds(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{1,12}(\.\d{1,6})?$/.test(value.trim());
  const seconds = typeof value === 'number' || isText ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, maxLifetimeSeconds) : undefined;
}

/** When to renew a token and when it ends. Counted from before it was asked for: its life may have begun then. */
export function timesOf(
  lifetimeSeconds: number | undefined,
  askedAtMs: number,
): Pick<StoredToken, 'refreshAt' | 'expiresAt'> {
  const lifetimeMs = (lifetimeSeconds ?? unknownLifetimeSeconds) * 1000;
  const expiresAt = Math.floor(askedAtMs + lifetimeMs);
  return { expiresAt, refreshAt: Math.floor(expiresAt - Math.min(marginMs, lifetimeMs / 10)) };
}
