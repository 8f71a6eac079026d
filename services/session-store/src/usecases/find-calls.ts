import type { Session } from '@patchcord/contracts';
import type { CallPosition } from '../domain/call-cursor.ts';
import { type CallFilter, matchesFilter, statesOf } from '../domain/call-filter.ts';
import type { ActiveCalls, CallSet, CallStore } from '../domain/ports.ts';
import type { LocateCall } from './locate-call.ts';

interface FoundCalls {
  readonly sessions: readonly Session[];
  /** Where it goes on; undefined: there are no more. */
  readonly next?: CallPosition | undefined;
}

interface PageOptions {
  readonly limit: number;
  readonly after?: CallPosition | undefined;
}

/**
 * Calls of a tenant: those under way first, newest first, then those that ended, the last end first. A page may hold fewer
 * calls than its limit, or none, and still go on: only so many are looked at for one.
 */
export type FindCalls = (tenantId: string, filter: CallFilter, page: PageOptions) => Promise<FoundCalls>;

const pageSize = 200;
const maxLookedAt = 5000;

export function createFindCalls(store: Pick<CallStore, 'session'>, active: ActiveCalls, locate: LocateCall): FindCalls {
  return async (tenantId, filter, { limit, after }) => {
    if (filter.callIds !== undefined) return { sessions: await named(locate, tenantId, filter) };
    const found: Session[] = [];
    let lookedAt = 0;
    let position = after;
    for (const set of setsOf(filter, after?.set)) {
      for (;;) {
        const place = position?.set === set ? position : undefined;
        const page = await active.page(tenantId, { set, after: place, count: pageSize });
        const sessions = await Promise.all(page.map(({ callId }) => store.session({ tenantId, callId })));
        await forgetStale(active, { tenantId, set, page, sessions });
        for (const [at, { callId, at: time }] of page.entries()) {
          const session = sessions[at];
          position = { set, at: time, callId };
          if (session === undefined || isElsewhere(session, set) || !matchesFilter(session, filter)) continue;
          found.push(session);
          if (found.length === limit) return { sessions: found, next: position };
        }
        lookedAt += page.length;
        if (page.length === 0) break;
        if (lookedAt >= maxLookedAt) return { sessions: found, next: position };
      }
    }
    return { sessions: found };
  };
}

function setsOf(filter: CallFilter, first: CallSet | undefined): CallSet[] {
  const states = statesOf(filter);
  const sets: CallSet[] = [];
  if (states.some((state) => state !== 'ended') && first !== 'ended') sets.push('active');
  if (states.includes('ended')) sets.push('ended');
  return sets;
}

/** A call that ended while it was looked at comes in its own set. */
const isElsewhere = ({ state }: Session, set: CallSet): boolean => (state === 'ended') !== (set === 'ended');

interface LookedAt {
  readonly tenantId: string;
  readonly set: CallSet;
  readonly page: readonly { readonly callId: string }[];
  /** Of each call of the page. */
  readonly sessions: readonly (Session | undefined)[];
}

async function forgetStale(active: ActiveCalls, { tenantId, set, page, sessions }: LookedAt): Promise<void> {
  await Promise.all(
    page.map(async ({ callId }, at) => {
      const session = sessions[at];
      if (session === undefined) await active.remove({ tenantId, callId });
      else if (set === 'active' && session.state === 'ended') await active.end(session);
    }),
  );
}

/** By their ids: ours, and those of the PBX. */
async function named(locate: LocateCall, tenantId: string, filter: CallFilter): Promise<Session[]> {
  const { callIds = [], ...others } = filter;
  const located = await Promise.all(callIds.map((id) => locate(tenantId, id)));
  const sessions = new Map(
    located.flatMap((one) => (one?.session === undefined ? [] : [[one.ref.callId, one.session]])),
  );
  const wanted = filter.states === undefined ? { ...others, states: anyState } : others;
  return [...sessions.values()].filter((session) => matchesFilter(session, wanted));
}

const anyState: NonNullable<CallFilter['states']> = ['ringing', 'ivr', 'queued', 'talking', 'held', 'ended'];
