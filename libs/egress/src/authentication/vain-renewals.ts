/** Tokens that a site refused although they were fetched for it a moment before. */
export interface VainRenewals {
  note(token: string): void;
  /** Whether another one would most likely be refused as well. */
  has(token: string): boolean;
}

/** How long a site that refuses new tokens is believed that tokens do not help (ms). */
const believedMs = 30_000;

/**
 * Many sites say 401 where they mean 403. Without a memory each of their requests would be a log-in, and log-ins are
 * limited, or end the session of others.
 */
export function createVainRenewals(now: () => number): VainRenewals {
  const until = new Map<string, number>();
  return {
    note: (token) => {
      for (const [each, end] of until) if (end <= now()) until.delete(each);
      until.set(token, now() + believedMs);
    },
    has: (token) => now() < (until.get(token) ?? 0),
  };
}
