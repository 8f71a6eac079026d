import type { AgentEvent, CrmConnection, CrmPresence, PresentedState, TenantConfig } from '@patchcord/contracts';
import { z } from 'zod';
import { crmUserOf } from './crm-user.ts';
import { defined } from './defined.ts';

const pbxStates = ['ready', 'paused', 'ringing', 'busy', 'on-hold', 'offline'] as const;

/** What an agent does, as it was heard last. */
export const agentState = z.object({
  /** When we took it in (ms since 1970); higher for each later one. */
  revision: z.number().int().positive(),
  /** As the PBX tells it. */
  told: z.object({ order: z.string(), state: z.enum(pbxStates), reason: z.string().optional() }).optional(),
  /** After-call work by interaction. What ended stays for a while: its beginning may be heard later. */
  acw: z.record(
    z.string(),
    z.object({
      order: z.string(),
      ended: z.boolean(),
      /** Counts no longer (ms since 1970). */
      until: z.number(),
    }),
  ),
});
export type AgentState = z.infer<typeof agentState>;

/** Longer than after-call work takes of which no end is told (ms). */
const longestAcwMs = 4 * 3_600_000;

/** The state with an event in it; the very same when the event says nothing newer, or was heard already. */
export function stateAfter(known: AgentState | undefined, event: AgentEvent, now: number): AgentState | undefined {
  const revision = Math.max(now, (known?.revision ?? 0) + 1);
  const order = orderOf(event);
  const acw = known?.acw ?? {};
  if (event.type === 'patchcord.v1.agent.state-changed') {
    if (known?.told !== undefined && known.told.order >= order) return known;
    const { state, reason } = event.data;
    return { revision, told: { order, state, ...defined({ reason }) }, acw };
  }
  const { interactionId } = event.data;
  const before = acw[interactionId];
  const ended = event.type === 'patchcord.v1.agent.acw-ended';
  if (before !== undefined && (before.ended || before.order >= order)) return known;
  const until = 'until' in event.data && event.data.until !== undefined ? Date.parse(event.data.until) : undefined;
  const one = { order, ended, until: until ?? now + longestAcwMs };
  const open = Object.entries(acw).filter(([, each]) => each.until > now);
  return { revision, ...defined({ told: known?.told }), acw: { ...Object.fromEntries(open), [interactionId]: one } };
}

/** By our own clock first: that of a PBX may be set. As a text whose order is that of the events. */
function orderOf({ recordedtime, time, sequence, id }: AgentEvent): string {
  const ms = (at: string): string => String(Date.parse(at)).padStart(15, '0');
  return [ms(recordedtime ?? time), ms(time), sequence.padStart(20, '0'), id].join(' ');
}

/** What is to be shown of whom in a CRM. */
export interface ShownPresence {
  readonly userId: string;
  readonly state: CrmPresence;
  readonly word?: string;
  readonly reason?: string;
}

/** Undefined: nothing is told of this agent, or of what he does. */
export function shownPresence(
  tenant: Pick<TenantConfig, 'agent'>,
  connection: Pick<CrmConnection, 'agentSystem' | 'presence'>,
  { agentId, known, now }: { readonly agentId: string; readonly known: AgentState; readonly now: number },
): ShownPresence | undefined {
  const { enabled, agents, words } = connection.presence;
  const userId = crmUserOf(tenant, connection, agentId);
  if (!enabled || userId === undefined || (agents !== 'all' && !agents.includes(agentId))) return undefined;
  const state = presenceOf(connection.presence, known, now);
  if (state === undefined) return undefined;
  const reason = known.told?.state === 'paused' ? known.told.reason : undefined;
  return { userId, state, ...defined({ word: words[state], reason }) };
}

/** A pause that is named counts more than after-call work, that more than any other pause: it is often made by one. */
function presenceOf(
  { states, pauses }: CrmConnection['presence'],
  { told, acw }: AgentState,
  now: number,
): CrmPresence | undefined {
  const named = told?.state === 'paused' ? pauseOf(pauses, told.reason) : undefined;
  if (named !== undefined) return named;
  const isIdle = told === undefined || told.state === 'ready' || told.state === 'paused';
  const works = Object.values(acw).some(({ ended, until }) => !ended && until > now);
  if (isIdle && works && states.acw !== undefined) return states.acw;
  const state: PresentedState | undefined = told?.state;
  return state === undefined ? undefined : states[state];
}

function pauseOf(pauses: CrmConnection['presence']['pauses'], reason = ''): CrmPresence | undefined {
  const plain = (text: string): string => text.trim().toLowerCase();
  return Object.entries(pauses).find(([name]) => plain(name) === plain(reason))?.[1];
}
