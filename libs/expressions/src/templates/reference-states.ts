import type { Session } from '@patchcord/contracts';

/** States of a call as babelforce names them; those that a PBX's calls are never in are left out. */
export type ReferenceState =
  | 'ringing'
  | 'in-progress'
  | 'queued'
  | 'bridged'
  | 'canceled'
  | 'busy'
  | 'no-answer'
  | 'completed'
  | 'failed';

const whileItLasts = {
  ringing: 'ringing',
  ivr: 'in-progress',
  queued: 'queued',
  talking: 'bridged',
  held: 'bridged',
} as const satisfies Record<Exclude<Session['state'], 'ended'>, ReferenceState>;

/** Causes of ITU-T Q.850 by the reason that babelforce has for them. */
const causes: ReadonlyMap<number, string> = new Map([
  [1, 'unallocated-number'],
  [3, 'network-unreachable'],
  [17, 'busy'],
  [18, 'no-answer'],
  [19, 'no-answer'],
  [20, 'unreachable'],
  [21, 'declined'],
  [27, 'unreachable'],
  [28, 'invalid-number'],
  [38, 'network-unreachable'],
  [102, 'timeout'],
]);

/** Our reasons of an end; what is not here leaves it to who hung up. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['declined', 'declined'],
  ['unreachable', 'unreachable'],
  ['failed', 'failed'],
  ['pbx-crash', 'dropped'],
  ['pbx-restart', 'dropped'],
  ['lost', 'dropped'],
]);

/** The call's state in babelforce's words. */
export function referenceState(session: Session): ReferenceState {
  if (session.state !== 'ended') return whileItLasts[session.state];
  switch (session.outcome) {
    case 'abandoned':
      return 'canceled';
    case 'missed':
      return 'no-answer';
    case 'failed':
      return failedState(session);
    default:
      return 'completed';
  }
}

function failedState(session: Session): ReferenceState {
  const reason = referenceFinishReason(session);
  return reason === 'busy' || reason === 'no-answer' ? reason : 'failed';
}

const byWhom = {
  customer: 'hangup',
  agent: 'passive-hangup',
  system: 'system-hangup',
  transfer: 'transferred',
  unknown: 'unknown',
} as const satisfies Record<NonNullable<Session['endedBy']>, string>;

/** Why the call ended, in babelforce's words; undefined while it lasts. */
export function referenceFinishReason({ state, outcome, endReason, endedBy, cause }: Session): string | undefined {
  if (state !== 'ended') return undefined;
  const reason = reasons.get(endReason ?? '');
  // A network says more exactly than the PBX why nobody was reached.
  const exact = outcome === 'answered' || reason === 'dropped' ? undefined : causes.get(cause?.q850 ?? -1);
  return exact ?? reason ?? byWhom[endedBy ?? (outcome === 'abandoned' ? 'customer' : 'unknown')];
}
