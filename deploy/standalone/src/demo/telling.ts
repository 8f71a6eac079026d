import type { AnyEvent, RoutingDecision, RoutingInput, Session } from '@patchcord/contracts';

/** One line of what the demo tells: what kind of thing happened, and what. */
export interface Told {
  readonly column: 'event' | 'session' | 'route' | 'agent' | 'screen' | 'CRM' | 'trace' | 'demo';
  readonly text: string;
}

type Teller<Type extends AnyEvent['type']> = (data: Extract<AnyEvent, { type: Type }>['data']) => string;
type Tellers = { readonly [Type in AnyEvent['type']]?: Teller<Type> };

const tellers: Tellers = {
  'patchcord.v1.call.offered': ({ ani, dnis, direction }) =>
    `${direction} call from ${ani ?? 'withheld'} to ${dnis ?? '?'}`,
  'patchcord.v1.call.ivr-entered': ({ ivr }) => `the caller is in the IVR ${ivr}`,
  'patchcord.v1.call.dtmf-collected': ({ digits }) => `the caller pressed ${digits}`,
  'patchcord.v1.call.variables-set': ({ variables }) => `variables ${assignments(variables)}`,
  'patchcord.v1.call.queued': ({ queue, position }) => `waits in queue ${queue}, position ${position ?? '?'}`,
  'patchcord.v1.call.dequeued': ({ queue, reason }) => `left queue ${queue}: ${reason}`,
  'patchcord.v1.call.agent-ringing': ({ agent }) => `rings at agent ${agent.name ?? agent.agentId}`,
  'patchcord.v1.call.agent-missed': ({ agent, reason }) => `agent ${agent.name ?? agent.agentId} missed it: ${reason}`,
  'patchcord.v1.call.answered': ({ agent }) => `agent ${agent.name ?? agent.agentId} answered`,
  'patchcord.v1.call.agent-released': ({ agent, endedBy }) =>
    `agent ${agent.name ?? agent.agentId} is out; ended by ${endedBy}`,
  'patchcord.v1.call.ended': ({ reason, endedBy }) => `call ended: ${reason}, by ${endedBy}`,
  'patchcord.v1.agent.acw-started': ({ agent }) => `after-call work of agent ${agent.agentId} began`,
  'patchcord.v1.agent.acw-ended': ({ agent, reason }) =>
    `after-call work of agent ${agent.agentId} is complete: ${reason}`,
  'patchcord.v1.disposition.recorded': ({ disposition }) => `disposition "${disposition.name}" recorded`,
};

/** What a person would say of an event, or undefined where it says nothing to a newcomer. */
export function tellEvent(event: AnyEvent): Told | undefined {
  if (event.type === 'patchcord.v1.session.changed') return tellSession(event.data.session);
  const teller = tellers[event.type] as ((data: unknown) => string) | undefined;
  if (teller !== undefined) return { column: 'event', text: teller(event.data) };
  if (event.type !== 'patchcord.v1.delivery.succeeded') return undefined;
  const { destination, attempt, durationMs = 0, status } = event.data;
  const took = `${durationMs.toFixed(1)} ms`;
  return {
    column: 'CRM',
    text: `${destination.kind} ${destination.id} answered ${status ?? 'ok'} in ${took}, attempt ${attempt}`,
  };
}

function tellSession(session: Session): Told {
  const parts = [
    session.state,
    session.digits === '' ? undefined : `digits ${session.digits}`,
    ...session.interactions.map((part) => `${part.agent.agentId} ${part.state}`),
    session.outcome === undefined ? undefined : `outcome ${session.outcome}`,
    `${Object.keys(session.variables).length} variables`,
    `version ${session.version}`,
  ];
  return { column: 'session', text: parts.filter((part) => part !== undefined).join(', ') };
}

const assignments = (variables: Record<string, string | null>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value ?? '(deleted)'}`)
    .join(' ');

/** The PBX's question and its answer. */
export function tellDecision(rule: string, input: RoutingInput, decision: RoutingDecision): Told {
  const { destination, reason, durationMs } = decision;
  const asked = `rule ${rule}, digits ${input.dtmf ?? 'none'}`;
  const answer = `${destination.type} ${destination.target}`.trim();
  return { column: 'route', text: `${asked} -> ${answer} (${reason}; ${durationMs.toFixed(1)} ms)` };
}

/** A line with the time since the start, as the demo prints it. */
export const tellingLine = (elapsedMs: number, { column, text }: Told): string =>
  `${(elapsedMs / 1000).toFixed(3).padStart(8)} s  ${column.padEnd(8)} ${text}`;
