import type {
  AgentEvent,
  AutomationEvent,
  CustomEventName,
  CustomRaised,
  DispositionValue,
  Interaction,
  Session,
  SessionChanged,
} from '@patchcord/contracts';
import { defined } from './defined.ts';
import type { DispositionEvent } from './firings.ts';
import { type Moment, momentsOfChange } from './moments.ts';
import { tokenOf } from './token-of.ts';

/** Something that can set off automations. The same whenever it is told. */
export interface Happening {
  readonly tenantId: string;
  readonly event: AutomationEvent | CustomEventName | 'flow.passed';
  /** RFC 3339. */
  readonly at: string;
  readonly callId?: string;
  /** The call as it was. */
  readonly session?: Session;
  readonly interaction?: Interaction;
  readonly agentId?: string;
  /** Of a disposition that says so itself; otherwise it is the call's. */
  readonly campaignId?: string;
  readonly disposition?: DispositionValue;
  /** What names the work, together with its automation. */
  readonly identity: {
    /** The call; what stands in for it where there is none. */
    readonly callId: string;
    readonly interactionId?: string;
    readonly occurrence?: string;
    readonly revision?: number;
  };
  /** What of it a CRM keeps under one entry, changes of it included. */
  readonly entry: string;
  /** Values of the event: `disposition` is `{event.disposition}`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** How many events of tenants' own led to it. */
  readonly depth: number;
}

const ofFlowAlone = /^app\.flow\./;

/** What happened to a call, by one change of it. */
export function happeningsOfChange(change: SessionChanged['data']): Happening[] {
  return [...momentsOfChange(change).map((moment) => ofMoment(moment, change.session)), ...ofWrite(change)];
}

function ofMoment({ cause, at, interaction, ofPart, occurrence }: Moment, session: Session): Happening {
  const { tenantId, callId } = session;
  const interactionId = ofPart ? interaction?.interactionId : undefined;
  return {
    tenantId,
    event: `call.${cause}`,
    at,
    callId,
    session,
    ...defined({ interaction, agentId: interaction?.agent.agentId }),
    identity: { callId, ...defined({ interactionId, occurrence }) },
    entry: [cause, ...[interactionId, occurrence].filter((part) => part !== undefined)].join('.'),
    values: {},
    depth: 0,
  };
}

/** A flow notes each of its steps: that alone is nothing that was written for others. */
function ofWrite({ cause, session, written }: SessionChanged['data']): Happening[] {
  if (written === undefined || written.by.kind === 'automation' || written.by.kind === 'workflow') return [];
  const names = written.names.filter((name) => !ofFlowAlone.test(name));
  if (names.length === 0) return [];
  const { tenantId, callId } = session;
  const occurrence = tokenOf(cause.id);
  return [
    {
      tenantId,
      event: 'session.written',
      at: cause.time,
      callId,
      session,
      identity: { callId, occurrence },
      entry: `written.${occurrence}`,
      values: { names, by: written.by.kind },
      depth: 0,
    },
  ];
}

/** A disposition was recorded or changed. */
export function happeningOfDisposition(event: DispositionEvent): Happening {
  const { data, tenantid: tenantId, time: at, type } = event;
  const { session, disposition, dispositionId, callId, campaignId, contactId, changes } = data;
  const interaction = session?.interactions.find((one) => one.interactionId === data.interactionId);
  const agentId = data.agentId ?? interaction?.agent.agentId;
  const previous = 'previous' in data ? data.previous : undefined;
  return {
    tenantId,
    event: type === 'patchcord.v1.disposition.recorded' ? 'disposition.recorded' : 'disposition.changed',
    at,
    ...defined({ callId: callId ?? session?.callId, session, interaction, agentId, campaignId, disposition }),
    identity: { callId: callId ?? dispositionId, occurrence: tokenOf(dispositionId), revision: changes },
    entry: `disposition.${dispositionId}`,
    values: defined({ disposition, previous, contactId, agentId, campaignId }),
    depth: 0,
  };
}

const agentEventNames = {
  'patchcord.v1.agent.acw-started': 'agent.acw-started',
  'patchcord.v1.agent.acw-ended': 'agent.acw-ended',
  'patchcord.v1.agent.state-changed': 'agent.state-changed',
} as const;

/** Those that automations can be set off by. */
export const isAgentHappening = (event: AgentEvent): event is AgentHappening => event.type in agentEventNames;

export type AgentHappening = Extract<AgentEvent, { type: keyof typeof agentEventNames }>;

/** Something about an agent; after-call work belongs to his part of a call. */
export function happeningOfAgent(event: AgentHappening, session: Session | undefined): Happening {
  const { data, tenantid: tenantId, time: at, type, source, id } = event;
  const { agent } = data;
  const occurrence = tokenOf(`${source} ${id}`);
  const ofCall = 'callId' in data ? { callId: data.callId, interactionId: data.interactionId } : undefined;
  const interaction = session?.interactions.find((one) => one.interactionId === ofCall?.interactionId);
  const {
    agent: _,
    callId: __,
    interactionId: ___,
    ...said
  } = { callId: undefined, interactionId: undefined, ...data };
  const name = agentEventNames[type];
  // After-call work begins and ends once: told again by another id it is the same.
  const identity = ofCall === undefined ? { callId: 'none', occurrence } : ofCall;
  return {
    tenantId,
    event: name,
    at,
    ...defined({ callId: ofCall?.callId, session, interaction }),
    agentId: agent.agentId,
    identity,
    entry: ofCall === undefined ? `${name}.${occurrence}` : `${name}.${ofCall.interactionId}`,
    values: defined({ agentId: agent.agentId, agentName: agent.name, ...said }),
    depth: 0,
  };
}

/** An event of the tenant's own. */
export function happeningOfCustom({ data, tenantid: tenantId, time: at, source, id }: CustomRaised): Happening {
  const { name, values, session, depth } = data;
  const callId = data.callId ?? session?.callId;
  const occurrence = tokenOf(`${source} ${id}`);
  return {
    tenantId,
    event: `custom.${name}`,
    at,
    ...defined({ callId, session }),
    identity: { callId: callId ?? 'none', occurrence },
    entry: `${name}.${occurrence}`,
    values,
    depth,
  };
}
