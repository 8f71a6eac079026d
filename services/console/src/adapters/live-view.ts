import type { SessionChanged } from '@patchcord/contracts';
import { type LiveCall, liveCallOf } from '../domain/live-call.ts';

export type LiveChange =
  | { readonly type: 'call'; readonly call: LiveCall }
  | { readonly type: 'gone'; readonly callId: string };

type LiveListener = (change: LiveChange) => void;

/** The calls of all tenants, as this replica has them in memory. */
export interface LiveView {
  apply(event: SessionChanged): void;
  calls(tenantId: string): LiveCall[];
  /** Told of each change of the tenant's calls, and of no other tenant's. Returns the unsubscribe. */
  subscribe(tenantId: string, listener: LiveListener): () => void;
  /** Lets go of calls that ended a while ago, and of those nothing was heard of for half a day. */
  sweep(now: number): void;
  /** Calls that have not ended, of all tenants. */
  active(): number;
}

export interface LiveViewOptions {
  readonly now: () => number;
  /** A call that ended stays so long (ms). */
  readonly endedStaysMs?: number;
  /** A call without news is no longer believed after this (ms). */
  readonly staleAfterMs?: number;
}

interface Held {
  readonly call: LiveCall;
  readonly changedAt: number;
}

const halfADayMs = 12 * 3_600_000;

export function createLiveView({ now, endedStaysMs = 60_000, staleAfterMs = halfADayMs }: LiveViewOptions): LiveView {
  const tenants = new Map<string, Map<string, Held>>();
  const listeners = new Map<string, Set<LiveListener>>();
  const tell = (tenantId: string, change: LiveChange): void => {
    for (const listener of listeners.get(tenantId) ?? []) listener(change);
  };
  const isOver = ({ call, changedAt }: Held, at: number): boolean =>
    at - changedAt > (call.state === 'ended' ? endedStaysMs : staleAfterMs);
  return {
    apply: (event) => {
      const { session, cause } = event.data;
      const held: Held = { call: liveCallOf(session, cause.time), changedAt: Date.parse(cause.time) };
      const calls = tenants.get(event.tenantid) ?? new Map<string, Held>();
      const known = calls.get(session.callId);
      // Replicas of the session store may publish two versions in either order: the later version counts.
      if (known !== undefined && known.call.version >= session.version) return;
      // After a restart the last event of each call of the last days comes again.
      if (known === undefined && isOver(held, now())) return;
      tenants.set(event.tenantid, calls.set(session.callId, held));
      tell(event.tenantid, { type: 'call', call: held.call });
    },
    calls: (tenantId) => [...(tenants.get(tenantId)?.values() ?? [])].map(({ call }) => call),
    subscribe: (tenantId, listener) => {
      const own = listeners.get(tenantId) ?? new Set<LiveListener>();
      listeners.set(tenantId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(tenantId);
      };
    },
    sweep: (at) => {
      for (const [tenantId, calls] of tenants) {
        for (const [callId, held] of calls) {
          if (!isOver(held, at)) continue;
          calls.delete(callId);
          tell(tenantId, { type: 'gone', callId });
        }
      }
    },
    active: () =>
      [...tenants.values()].reduce(
        (sum, calls) => sum + [...calls.values()].filter(({ call }) => call.state !== 'ended').length,
        0,
      ),
  };
}
