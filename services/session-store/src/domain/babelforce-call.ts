import type { Session } from '@patchcord/contracts';
import { isAnonymous } from './call-filter.ts';

/** The words of babelforce's call reporting. */
export const babelforceStates = [
  'init',
  'scheduled',
  'ringing',
  'in-progress',
  'queued',
  'bridged',
  'canceled',
  'busy',
  'no-answer',
  'purged',
  'completed',
  'failed',
] as const;
export type BabelforceState = (typeof babelforceStates)[number];

/** What is not known, or has not happened, is null. Times in unix seconds, durations in seconds. */
export interface BabelforceCall {
  readonly id: string;
  readonly parentId: string | null;
  readonly sessionId: string;
  readonly conversationId: string;
  readonly dateCreated: number | null;
  readonly dateEstablished: number | null;
  readonly dateFinished: number | null;
  readonly state: BabelforceState;
  readonly finishReason: string | null;
  readonly type: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly source: string | null;
  readonly domain: 'internal' | 'external';
  readonly duration: number | null;
  readonly anonymous: boolean;
  readonly recordings: readonly { readonly id: string; readonly dateCreated: number | null }[];
  readonly bridged: {
    readonly agent: { readonly id: string; readonly name: string | null } | null;
    readonly queueId: string | null;
    readonly queueName: string | null;
  } | null;
}

export function babelforceCallOf(session: Session, nowMs: number): BabelforceCall {
  const { callId, offeredAt, answeredAt, endedAt } = session;
  const created = secondsOf(offeredAt);
  const until = secondsOf(endedAt) ?? Math.floor(nowMs / 1000);
  return {
    id: callId,
    parentId: session.mergedInto ?? null,
    sessionId: callId,
    conversationId: callId,
    dateCreated: created,
    dateEstablished: secondsOf(answeredAt),
    dateFinished: secondsOf(endedAt),
    state: babelforceStateOf(session),
    finishReason: finishReasonOf(session),
    type: session.direction ?? null,
    from: session.ani ?? null,
    to: session.dnis ?? null,
    source: session.pbxId ?? null,
    domain: session.direction === 'internal' ? 'internal' : 'external',
    duration: created === null ? null : Math.max(0, until - created),
    anonymous: isAnonymous(session),
    recordings: session.recordings.map(({ recordingId, startedAt }) => ({
      id: recordingId,
      dateCreated: secondsOf(startedAt),
    })),
    bridged: bridgedOf(session),
  };
}

const secondsOf = (instant: string | undefined): number | null =>
  instant === undefined ? null : Math.floor(Date.parse(instant) / 1000);

function bridgedOf({ interactions }: Session): BabelforceCall['bridged'] {
  const speaking = interactions.findLast(({ state }) => state === 'talking' || state === 'held');
  const one = speaking ?? interactions.findLast(({ answeredAt }) => answeredAt !== undefined);
  if (one === undefined) return null;
  const { agent, queue = null } = one;
  return { agent: { id: agent.agentId, name: agent.name ?? null }, queueId: queue, queueName: queue };
}

const liveStates: Readonly<Record<Exclude<Session['state'], 'ended'>, BabelforceState>> = {
  ringing: 'ringing',
  ivr: 'in-progress',
  queued: 'queued',
  talking: 'bridged',
  held: 'bridged',
};

function babelforceStateOf(session: Session): BabelforceState {
  const { state, outcome, endReason, abandoned } = session;
  if (state !== 'ended') return liveStates[state];
  if (outcome === 'answered' || outcome === 'merged') return 'completed';
  // Who hung up in an IVR or a queue was connected, if only to a voice.
  if (outcome === 'abandoned') return abandoned?.during === 'ringing' ? 'canceled' : 'completed';
  if (endReason === 'busy') return 'busy';
  return outcome === 'missed' || endReason === 'no-answer' ? 'no-answer' : 'failed';
}

const reasons: Readonly<Record<string, string>> = {
  busy: 'busy',
  'no-answer': 'no-answer',
  declined: 'declined',
  unreachable: 'unreachable',
  failed: 'failed',
  'pbx-restart': 'dropped',
  'pbx-crash': 'dropped',
  lost: 'dropped',
};

const hangUps: Readonly<Record<string, string>> = {
  customer: 'hangup',
  agent: 'passive-hangup',
  system: 'system-hangup',
  transfer: 'transferred',
};

function finishReasonOf({ state, endReason = '', endedBy = 'unknown', mergedInto, outcome }: Session): string | null {
  if (state !== 'ended') return null;
  if (mergedInto !== undefined) return 'transferred';
  if (outcome === 'abandoned' && endReason === 'hangup') return 'hangup';
  return reasons[endReason] ?? hangUps[endedBy] ?? 'unknown';
}

/** Our states that hold all calls of theirs. */
export function ownStates(states: readonly BabelforceState[]): Session['state'][] {
  const live = Object.entries(liveStates) as [Exclude<Session['state'], 'ended'>, BabelforceState][];
  const over = states.some((state) => !live.some(([, theirs]) => theirs === state));
  return [
    ...live.filter(([, theirs]) => states.includes(theirs)).map(([own]) => own),
    ...(over ? ['ended' as const] : []),
  ];
}
