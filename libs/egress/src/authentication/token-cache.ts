import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '@patchcord/contracts';
import { shownFailure } from './failures.ts';
import { timesOf } from './lifetime.ts';
import type { FetchedToken } from './token-answer.ts';
import type { StoredToken, TokenStore } from './types.ts';

export interface WantedToken {
  readonly tenantId: string;
  readonly key: string;
  /** Of what the token is made from. */
  readonly fingerprint: string;
  /** How long fetching may take at most (ms). */
  readonly lockMs: number;
  /** A token that the site did not accept: another one is wanted. */
  readonly refused?: string | undefined;
  /** Whether credentials that were refused are left alone for a while. */
  readonly locksOut: boolean;
  readonly fetch: () => Promise<FetchedToken>;
}

export interface TokenCache {
  /** Throws `Failure`. */
  token(wanted: WantedToken): Promise<string>;
  /** Resolves when nothing is being fetched. */
  settled(): Promise<void>;
}

/** How long wrong credentials are left alone; others are tried at once (ms). */
const refusedQuietMs = 30_000;
/** After another failure of a renewal ahead of time (ms). */
const failedQuietMs = 5000;

/**
 * Tokens of all replicas. One fetches, the others wait for what it keeps. Shortly before a token ends it is renewed
 * while requests still go out with it.
 */
export function createTokenCache(tokens: TokenStore, now: () => number): TokenCache {
  const flights = new Map<string, Promise<StoredToken | undefined>>();
  const failed = new Map<string, { readonly failure: Failure; readonly until: number }>();

  const recentFailure = (flight: string): Failure | undefined => {
    const recent = failed.get(flight);
    if (recent === undefined || now() < recent.until) return recent?.failure;
    failed.delete(flight);
    return undefined;
  };
  const remember = (flight: string, error: unknown): void => {
    const failure = shownFailure(error);
    const quietMs = failure.code === 'credentials_refused' ? refusedQuietMs : failedQuietMs;
    for (const [each, { until }] of failed) if (until <= now()) failed.delete(each);
    failed.set(flight, { failure, until: now() + quietMs });
  };
  /** One at a time for all requests of this process that want the same. */
  const fly = (wanted: WantedToken, patient: boolean): Promise<StoredToken | undefined> => {
    const flight = flightOf(wanted);
    const underWay = flights.get(flight);
    if (underWay !== undefined) return underWay;
    const started = renew(tokens, wanted, { patient, now });
    flights.set(flight, started);
    started.then(
      () => failed.delete(flight),
      (error: unknown) => remember(flight, error),
    );
    const end = (): unknown => flights.delete(flight);
    started.then(end, end);
    return started;
  };

  return {
    token: async (wanted) => {
      const stored = await usable(tokens, wanted, now);
      const recent = recentFailure(flightOf(wanted));
      if (stored !== undefined) {
        if (now() >= stored.refreshAt && recent === undefined) fly(wanted, false).catch(() => undefined);
        return stored.value;
      }
      if (wanted.locksOut && recent?.code === 'credentials_refused') throw recent;
      const renewed = (await fly(wanted, true)) ?? (await fly(wanted, true));
      if (renewed === undefined) throw busy(now());
      return renewed.value;
    },
    settled: async () => {
      await Promise.allSettled(flights.values());
    },
  };
}

const flightOf = ({ tenantId, key, fingerprint, refused }: WantedToken): string =>
  JSON.stringify([tenantId, key, fingerprint, refused]);

async function usable(
  tokens: TokenStore,
  { tenantId, key, fingerprint, refused }: WantedToken,
  now: () => number,
): Promise<StoredToken | undefined> {
  const stored = await tokens.get(tenantId, key);
  if (stored === undefined || stored.fingerprint !== fingerprint || stored.value === refused) return undefined;
  return now() < stored.expiresAt ? stored : undefined;
}

interface RenewOptions {
  /** Waits while somebody else fetches; otherwise gives up at once. */
  readonly patient: boolean;
  readonly now: () => number;
}

async function renew(
  tokens: TokenStore,
  wanted: WantedToken,
  { patient, now }: RenewOptions,
): Promise<StoredToken | undefined> {
  // A holder that died frees the lock by then, and somebody has had his turn.
  const giveUpAt = performance.now() + 2 * wanted.lockMs;
  for (;;) {
    const release = await tokens.lock(wanted.tenantId, wanted.key, wanted.lockMs);
    if (release !== undefined) {
      try {
        return await fetchUnlessThere(tokens, wanted, now);
      } finally {
        await release();
      }
    }
    if (!patient) return undefined;
    if (performance.now() > giveUpAt) throw busy(now());
    await pause(20 + Math.random() * 30);
    const stored = await usable(tokens, wanted, now);
    if (stored !== undefined) return stored;
  }
}

/** Somebody may have fetched one between our look and our lock. */
async function fetchUnlessThere(tokens: TokenStore, wanted: WantedToken, now: () => number): Promise<StoredToken> {
  const there = await usable(tokens, wanted, now);
  if (there !== undefined && now() < there.refreshAt) return there;
  const askedAt = now();
  const { value, lifetimeSeconds } = await wanted.fetch();
  const token = { value, fingerprint: wanted.fingerprint, ...timesOf(lifetimeSeconds, askedAt) };
  await tokens.put(wanted.tenantId, wanted.key, token);
  return token;
}

const busy = (nowMs: number): Failure =>
  new Failure('throttled', 'token_busy', 'another replica has been fetching a token for too long', {
    retryAt: new Date(nowMs + 1000),
  });
