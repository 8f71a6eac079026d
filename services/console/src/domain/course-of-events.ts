import { type ExpressionEntry, expressionCatalogue } from '@patchcord/expressions';

/**
 * What may have come right before an event when it is told for the first time in a call. Events that follow from these
 * may have come too; all others come later, or not at all.
 */
const before = {
  'call.offered': [],
  'call.variables-set': ['call.offered'],
  'session.changed': ['call.variables-set'],
  'call.session-written': ['session.changed'],
  'call.ivr-entered': ['call.session-written'],
  'call.dtmf-collected': ['call.ivr-entered'],
  'call.queued': ['call.dtmf-collected'],
  'call.agent-ringing': ['call.queued'],
  'call.agent-missed': ['call.agent-ringing'],
  'call.dequeued': ['call.agent-missed'],
  'call.abandoned': ['call.dequeued'],
  'call.answered': ['call.dequeued'],
  'call.held': ['call.answered'],
  'call.resumed': ['call.held'],
  'call.transferred': ['call.resumed', 'call.agent-released'],
  'call.conference-changed': ['call.transferred'],
  'call.agent-released': ['call.resumed'],
  'call.merged': ['call.conference-changed'],
  'call.recording-ready': ['call.conference-changed'],
  'call.ended': ['call.abandoned', 'call.merged', 'call.recording-ready'],
  // What automations call a write into the session, and what mostly follows a call.
  'session.written': ['call.session-written'],
  'agent.acw-started': ['call.ended'],
  'agent.acw-ended': ['agent.acw-started'],
  // Of no call.
  'agent.state-changed': [],
  'disposition.recorded': ['call.ended'],
  'disposition.changed': ['disposition.recorded'],
} as const satisfies Record<string, readonly string[]>;

export type CallMoment = keyof typeof before;

/** Events of a call and those that automations are set off by, in their usual order. */
export const callMoments = Object.keys(before) as [CallMoment, ...CallMoment[]];

/** The event, and all that may have come before it when it is told for the first time. */
export function upTo(event: CallMoment): ReadonlySet<string> {
  const found = new Set<CallMoment>([event]);
  for (const one of found) for (const earlier of before[one]) found.add(earlier);
  return found;
}

export interface NameChoice {
  readonly event?: CallMoment | undefined;
  readonly group?: ExpressionEntry['group'] | undefined;
}

/** The names that expressions can have: those of a group, and those that may have a value when an event is told. */
export function namesFor({ event, group }: NameChoice): ExpressionEntry[] {
  const events = event === undefined ? undefined : upTo(event);
  return expressionCatalogue.filter(
    (entry) => (group === undefined || entry.group === group) && (events === undefined || events.has(entry.since)),
  );
}
