import type { Campaign, Session } from '@patchcord/contracts';
import { acwTimeoutOf, answeredInteractions, isMerged, observe } from '../domain/acw.ts';
import type { CallStore } from '../domain/ports.ts';
import { type ChangeCall, silently } from './change-call.ts';

export interface ObserveSessionOptions {
  readonly store: CallStore;
  readonly change: ChangeCall;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  readonly now: () => number;
}

export type ObserveSession = (session: Session) => Promise<void>;

/** Takes a snapshot in: remembers the newest, begins after-call work, asks for records to be written. */
export function createObserveSession({ store, change, campaignOf, now }: ObserveSessionOptions): ObserveSession {
  return async (session) => {
    if (!concernsUs(session)) return;
    const kept = await store.keep(session);
    const decide = silently((call) =>
      observe(call, { timeoutMs: acwTimeoutOf(call.session, campaignOf(call.session)), now: now() }),
    );
    await change(session, decide, kept);
  };
}

/** Before anybody answers and before the end, there is nothing after the call to think of. */
const concernsUs = (session: Session): boolean =>
  answeredInteractions(session).length > 0 || (session.state === 'ended' && !isMerged(session));
