import type { Session } from '@patchcord/contracts';
import type { ActiveCalls, CallStore } from '../domain/ports.ts';

interface CallFilter {
  readonly state?: Session['state'] | undefined;
  /** Name of the queue the call is in, or was connected from. */
  readonly queue?: string | undefined;
  /** Id of an agent who rings or talks. */
  readonly agent?: string | undefined;
  readonly limit: number;
}

/** Calls of a tenant that are under way, newest first. */
export type FindCalls = (tenantId: string, filter: CallFilter) => Promise<Session[]>;

const pageSize = 200;

export function createFindCalls(store: CallStore, active: ActiveCalls): FindCalls {
  return async (tenantId, filter) => {
    const found: Session[] = [];
    const stale: string[] = [];
    for (let from = 0; found.length < filter.limit; from += pageSize) {
      const callIds = await active.page(tenantId, from, pageSize);
      const sessions = await Promise.all(callIds.map((callId) => store.session({ tenantId, callId })));
      for (const [at, session] of sessions.entries()) {
        if (session === undefined || session.state === 'ended') stale.push(callIds[at] ?? '');
        else if (matches(session, filter)) found.push(session);
      }
      if (callIds.length < pageSize) break;
    }
    await Promise.all(stale.map((callId) => active.remove({ tenantId, callId })));
    return found.slice(0, filter.limit);
  };
}

function matches(session: Session, { state, queue, agent }: CallFilter): boolean {
  if (state !== undefined && session.state !== state) return false;
  if (queue !== undefined && session.queues.at(-1)?.queue !== queue) return false;
  return agent === undefined || session.interactions.some((one) => one.agent.agentId === agent && isOpen(one.state));
}

const isOpen = (state: Session['interactions'][number]['state']): boolean => state !== 'missed' && state !== 'ended';
