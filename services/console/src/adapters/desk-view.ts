import type { AgentEvent, DeskAgent, DeskCall, Session, SessionChanged } from '@patchcord/contracts';
import { deskParts } from '../domain/desk-call.ts';

export type DeskChange =
  | { readonly type: 'call'; readonly call: DeskCall }
  | { readonly type: 'call-gone'; readonly interactionId: string }
  /** His state, or his after-call work. */
  | { readonly type: 'agent' };

type DeskListener = (change: DeskChange) => void;

/** What the PBX tells of an agent, without his after-call work. */
type ToldAgent = Omit<DeskAgent, 'acw'>;

/** The desks of all agents of all tenants, as this replica has them in memory. */
export interface DeskView {
  apply(event: SessionChanged): void;
  applyAgent(event: AgentEvent): void;
  /** The longest first. */
  calls(tenantId: string, agentId: string): DeskCall[];
  agent(tenantId: string, agentId: string): ToldAgent;
  /** Told of each change of this agent's desk. Returns the unsubscribe. */
  subscribe(tenantId: string, agentId: string, listener: DeskListener): () => void;
  /** Lets go of what ended a while ago, and of what nothing was heard of for half a day. */
  sweep(now: number): void;
}

export interface DeskViewOptions {
  readonly now: () => number;
  readonly campaignIdOf: (session: Session) => string | undefined;
  /** A part that ended stays so long (ms). */
  readonly endedStaysMs?: number;
  /** A call without news is no longer believed after this (ms). */
  readonly staleAfterMs?: number;
}

interface Held {
  readonly call: DeskCall;
  readonly changedAt: number;
}

interface Desk {
  readonly calls: Map<string, Held>;
  told: { readonly agent: ToldAgent; readonly at: number } | undefined;
}

const halfADayMs = 12 * 3_600_000;

export function createDeskView(options: DeskViewOptions): DeskView {
  const { now, campaignIdOf, endedStaysMs = 60_000, staleAfterMs = halfADayMs } = options;
  const desks = new Map<string, Desk>();
  const listeners = createListeners();
  const isOver = ({ call, changedAt }: Held, at: number): boolean =>
    call.endedAt === undefined ? at - changedAt > staleAfterMs : at - Date.parse(call.endedAt) > endedStaysMs;
  const deskOf = (key: string): Desk => {
    const desk = desks.get(key) ?? { calls: new Map<string, Held>(), told: undefined };
    desks.set(key, desk);
    return desk;
  };
  return {
    apply: ({ tenantid, data: { session, cause } }) => {
      for (const { agentId, interactionId, call } of deskParts(session, campaignIdOf(session))) {
        const key = keyOf(tenantid, agentId);
        const known = desks.get(key)?.calls.get(interactionId);
        // Replicas of the session store may publish two versions in either order: the later version counts.
        if (known !== undefined && known.call.version >= session.version) continue;
        if (call === undefined) {
          if (desks.get(key)?.calls.delete(interactionId)) listeners.tell(key, { type: 'call-gone', interactionId });
          continue;
        }
        const held = { call, changedAt: Date.parse(cause.time) };
        // After a restart the last event of each call of the last days comes again.
        if (known === undefined && isOver(held, now())) continue;
        deskOf(key).calls.set(interactionId, held);
        listeners.tell(key, { type: 'call', call });
      }
    },
    applyAgent: (event) => {
      const { agentId } = event.data.agent;
      const key = keyOf(event.tenantid, agentId);
      if (event.type === 'patchcord.v1.agent.state-changed') {
        const desk = deskOf(key);
        const at = Date.parse(event.time);
        if (desk.told !== undefined && desk.told.at > at) return;
        const { state, reason, queue } = event.data;
        const why = { ...(reason === undefined ? {} : { reason }), ...(queue === undefined ? {} : { queue }) };
        desk.told = { agent: { agentId, state, ...why, since: event.time }, at };
      }
      listeners.tell(key, { type: 'agent' });
    },
    calls: (tenantId, agentId) =>
      [...(desks.get(keyOf(tenantId, agentId))?.calls.values() ?? [])]
        .map(({ call }) => call)
        .toSorted((a, b) => beganAt(a).localeCompare(beganAt(b))),
    agent: (tenantId, agentId) => desks.get(keyOf(tenantId, agentId))?.told?.agent ?? { agentId, state: 'unknown' },
    subscribe: (tenantId, agentId, listener) => listeners.add(keyOf(tenantId, agentId), listener),
    sweep: (at) => {
      for (const [key, desk] of desks) {
        for (const [interactionId, held] of desk.calls) {
          if (!isOver(held, at)) continue;
          desk.calls.delete(interactionId);
          listeners.tell(key, { type: 'call-gone', interactionId });
        }
        if (desk.calls.size === 0 && desk.told === undefined) desks.delete(key);
      }
    },
  };
}

const keyOf = (tenantId: string, agentId: string): string => `${tenantId} ${agentId}`;

const beganAt = ({ ringingAt, answeredAt }: DeskCall): string => ringingAt ?? answeredAt ?? '';

function createListeners() {
  const all = new Map<string, Set<DeskListener>>();
  return {
    tell: (key: string, change: DeskChange): void => {
      for (const listener of all.get(key) ?? []) listener(change);
    },
    add: (key: string, listener: DeskListener) => {
      const own = all.get(key) ?? new Set<DeskListener>();
      all.set(key, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) all.delete(key);
      };
    },
  };
}
