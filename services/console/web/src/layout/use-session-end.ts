import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { hasLapsed } from '../api/lapse.ts';
import { type BrowserSession, useSignedIn } from '../api/session.ts';
import { checkSession, take } from '../api/session-changes.ts';
import { useNow } from '../parts/use-now.ts';

const minuteMs = 60_000;
const longestWarningMs = 2 * minuteMs;
const renewEveryMs = 5 * minuteMs;

/** When somebody last did something in this tab (ms since 1970). */
let usedAt = 0;
const uses = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const noteUse = (): void => {
  usedAt = Date.now();
};
for (const use of uses) addEventListener(use, noteUse, { capture: true, passive: true });

export interface SessionEnd {
  /** Until nobody is signed in any more; undefined while that is no matter yet. */
  readonly leftMs: number | undefined;
  /** Use prolongs it. */
  readonly canStay: boolean;
  readonly stay: () => void;
}

/** Prolongs the session while its page is used, and says when it is about to end. */
export function useSessionEnd(): SessionEnd {
  const client = useQueryClient();
  const session = useSignedIn();
  const now = useNow();
  const [askedAt, setAskedAt] = useState(0);
  const { leftMs, idleMs, canStay } = timesOf(session, now);
  const isNear = leftMs < Math.min(longestWarningMs, idleMs / 3);

  const renew = async (): Promise<void> => {
    try {
      const times = await ask<object>('/v1/session/renewal', { method: 'POST' });
      take(client, { ...session, ...times, readAt: Date.now() });
    } catch {
      await checkSession(client);
    }
  };
  const look = useEffectEvent(() => {
    if (hasLapsed()) return;
    const sinceRenewalMs = idleMs - leftMs;
    const isUsed = usedAt > now - sinceRenewalMs && sinceRenewalMs > Math.min(renewEveryMs, idleMs / 4);
    const renews = canStay && leftMs > 0 && isUsed;
    if (!renews && !isNear) return;
    if (now - askedAt < (renews ? 1000 : leftMs > 0 ? 20_000 : 5000)) return;
    setAskedAt(now);
    // Another tab may have prolonged it; or it is over.
    void (renews ? renew() : checkSession(client));
  });
  useEffect(() => look(), [now]);
  return { leftMs: isNear ? Math.max(0, leftMs) : undefined, canStay, stay: () => void renew() };
}

function timesOf({ readAt = 0, expiresInSeconds = Number.POSITIVE_INFINITY, ...session }: BrowserSession, now: number) {
  const { idleSeconds = expiresInSeconds, endsInSeconds = expiresInSeconds } = session;
  return {
    leftMs: readAt + expiresInSeconds * 1000 - now,
    idleMs: idleSeconds * 1000,
    canStay: endsInSeconds > expiresInSeconds,
  };
}
