import type { Campaign, Interaction, Session, SiteParameter, WorkCause } from '@patchcord/contracts';

/** What a request tells of: a moment of a call, and the agent's part it is about, if it is about one. */
export interface Moment {
  readonly cause: WorkCause;
  readonly occurredAt: string;
  readonly campaign: Campaign;
  readonly session: Session;
  readonly interaction: Interaction | undefined;
}

export type Value = string | number;
type Values = Readonly<Record<string, Value | undefined>>;

/** Everything that a parameter of the family `call` can name. */
function callValues({ cause, occurredAt, session, interaction }: Moment): Values {
  const part = interaction ?? session.interactions.findLast((one) => one.answeredAt !== undefined);
  const visit = session.queues.at(-1);
  return {
    event: cause,
    eventTime: occurredAt,
    tenantId: session.tenantId,
    callId: session.callId,
    pbxCallId: session.pbxCallId,
    interactionId: part?.interactionId,
    direction: session.direction,
    state: session.state,
    outcome: session.outcome,
    ani: session.ani,
    callerName: session.callerName,
    dnis: session.dnis,
    did: session.dnis,
    queue: part?.queue ?? visit?.queue,
    agentId: part?.agent.agentId,
    agentName: part?.agent.name,
    offeredAt: session.offeredAt,
    answeredAt: part?.answeredAt ?? session.answeredAt,
    endedAt: session.endedAt,
    endedBy: session.endedBy,
    waitMs: visit?.waitMs,
    ringMs: part?.ringMs,
    talkMs: part?.talkMs,
    holdMs: part?.holdMs,
    digits: session.digits === '' ? undefined : session.digits,
  };
}

/** The value of one row of the parameter table; undefined when the call has none. */
function parameterValue({ family, key }: SiteParameter, moment: Moment, call: Values): Value | undefined {
  switch (family) {
    case 'fixed':
      return key;
    case 'call':
      return Object.hasOwn(call, key) ? call[key] : undefined;
    case 'variable':
      return Object.hasOwn(moment.session.variables, key) ? moment.session.variables[key] : undefined;
    case 'campaign':
      return { id: moment.campaign.id, name: moment.campaign.name }[key];
  }
}

/** The table as name and value, in its order. What the call has no value for is left out. */
export function renderParameters(parameters: readonly SiteParameter[], moment: Moment): [string, Value][] {
  const call = callValues(moment);
  return parameters.flatMap((parameter) => {
    const value = parameterValue(parameter, moment, call);
    return value === undefined ? [] : [[parameter.name, value] as [string, Value]];
  });
}

/** What a site without a parameter table is sent: everything essential, flat. */
export function defaultParameters(moment: Moment): [string, Value][] {
  const values = { ...callValues(moment), campaignId: moment.campaign.id, campaignName: moment.campaign.name };
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
