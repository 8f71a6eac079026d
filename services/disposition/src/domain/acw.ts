import { acwExtension, type Campaign, type Interaction, type Session } from '@patchcord/contracts';
import { acwEnded, acwExtended, acwStarted } from './events.ts';
import { type Acw, type AcwReason, type AfterCallState, type Call, type Effect, withEffects } from './state.ts';

export interface AcwRules {
  /** How long agents of the call's campaign have for it (ms); 0: there is none. */
  readonly timeoutMs: number;
  /** ms since epoch. */
  readonly now: number;
}

/** A call that turned out to be part of another: what is after it happens there. */
export const isMerged = (session: Session): boolean => session.mergedInto !== undefined || session.outcome === 'merged';

export const answeredInteractions = (session: Session): Interaction[] =>
  session.interactions.filter(({ answeredAt }) => answeredAt !== undefined);

/** An agent's part is over when he is out of the call, or the call is. */
const isOver = (session: Session, interaction: Interaction): boolean =>
  interaction.state === 'ended' || session.state === 'ended';

/** What a snapshot of the session means for what comes after the call. The same snapshot again changes nothing. */
export function observe({ session, state }: Call, rules: AcwRules): AfterCallState {
  if (isMerged(session)) return closeAll({ session, state }, rules.now);
  let next = state;
  for (const interaction of answeredInteractions(session)) {
    next = remember(next, interaction.interactionId);
    if (isOver(session, interaction)) next = startAcw({ session, state: next }, interaction, rules);
  }
  return reviewAfterEnd({ session, state: next });
}

function remember(state: AfterCallState, interactionId: string): AfterCallState {
  if (state.known.includes(interactionId)) return state;
  const indexed: Effect = { kind: 'index', id: `${interactionId}.index`, interactionId };
  return withEffects({ ...state, known: [...state.known, interactionId] }, [indexed]);
}

/** Opens the after-call work of an interaction, or completes it at once where there is nothing left to do. */
function startAcw({ session, state }: Call, interaction: Interaction, rules: AcwRules): AfterCallState {
  const { interactionId, agent } = interaction;
  if (state.acw[interactionId] !== undefined) return state;
  const startedAt = new Date(rules.now).toISOString();
  const opened: Acw = { agent, status: 'open', startedAt };
  if (state.dispositions[interactionId] !== undefined) {
    return complete({ session, state }, interactionId, opened, { reason: 'disposition', now: rules.now });
  }
  if (rules.timeoutMs === 0) {
    return complete({ session, state }, interactionId, opened, { reason: 'no-acw', now: rules.now });
  }
  const until = new Date(rules.now + rules.timeoutMs).toISOString();
  const limited: Acw = { ...opened, until };
  return withEffects({ ...state, acw: { ...state.acw, [interactionId]: limited } }, [
    { kind: 'acw-timer', id: `${interactionId}.timer`, interactionId, agentId: agent.agentId, until },
    event(acwStarted({ session, interactionId, now: rules.now }, limited)),
  ]);
}

export interface Completion {
  readonly reason: AcwReason;
  /** ms since epoch. */
  readonly now: number;
  /** Only if it was extended so often: its timer may ring after it was given more time. */
  readonly onlyAfter?: number;
}

/** Completes open after-call work. Whoever comes second, for whatever reason, changes nothing. */
export function completeAcw(call: Call, interactionId: string, completion: Completion): AfterCallState {
  const current = call.state.acw[interactionId];
  if (current?.status !== 'open') return call.state;
  if (completion.onlyAfter !== undefined && completion.onlyAfter !== (current.extensions ?? 0)) return call.state;
  return complete(call, interactionId, current, completion);
}

export interface Extension {
  /** How much is added (ms). */
  readonly byMs: number;
  /** The end that whoever asks was shown. */
  readonly until: string;
  /** ms since epoch. */
  readonly now: number;
}

type Extended =
  | { readonly outcome: 'extended' | 'unchanged'; readonly until: string; readonly state: AfterCallState }
  | { readonly outcome: 'not-open' }
  | { readonly outcome: 'too-long' };

/** Adds time to after-call work that is open. Who asks twice for the same end gets it once. */
export function extendAcw({ session, state }: Call, interactionId: string, extension: Extension): Extended {
  const current = state.acw[interactionId];
  if (current?.status !== 'open' || current.until === undefined) return { outcome: 'not-open' };
  if (Date.parse(current.until) !== Date.parse(extension.until))
    return { outcome: 'unchanged', until: current.until, state };
  const endMs = Math.max(Date.parse(current.until), extension.now) + extension.byMs;
  if (endMs - Date.parse(current.startedAt) > acwExtension.allMs) return { outcome: 'too-long' };
  const until = new Date(endMs).toISOString();
  const extended: Acw = { ...current, until, extensions: (current.extensions ?? 0) + 1 };
  const { agentId } = current.agent;
  const { extensions } = extended;
  const id = `${interactionId}.timer-${extensions}`;
  const next = withEffects({ ...state, acw: { ...state.acw, [interactionId]: extended } }, [
    { kind: 'acw-timer', id, interactionId, agentId, until, extensions },
    event(acwExtended({ session, interactionId, now: extension.now }, extended, until)),
  ]);
  return { outcome: 'extended', until, state: next };
}

function complete(
  { session, state }: Call,
  interactionId: string,
  opened: Acw,
  completion: Completion,
): AfterCallState {
  const { reason, now } = completion;
  const { agent, startedAt, extensions } = opened;
  const closed: Acw = { agent, startedAt, status: 'complete', endedAt: new Date(now).toISOString(), reason };
  const closing: Effect = {
    kind: 'acw-closed',
    id: `${interactionId}.closed`,
    interactionId,
    agentId: agent.agentId,
    ...(extensions === undefined ? {} : { extensions }),
  };
  return withEffects({ ...state, acw: { ...state.acw, [interactionId]: closed } }, [
    event(acwEnded({ session, interactionId, now }, closed, reason)),
    ...(opened.until === undefined ? [] : [closing]),
    { kind: 'after-call', id: `${session.tenantId}.${interactionId}.acw` },
  ]);
}

function closeAll(call: Call, now: number): AfterCallState {
  return Object.keys(call.state.acw).reduce(
    (state, interactionId) => completeAcw({ ...call, state }, interactionId, { reason: 'no-acw', now }),
    call.state,
  );
}

/** How long agents of a campaign have for their after-call work (ms); 0 where there is none. */
export function acwTimeoutOf({ channel }: Session, campaign: Campaign | undefined): number {
  if (campaign === undefined) return 0;
  return channel === 'digital' ? campaign.acw.digitalTimeoutMs : campaign.acw.timeoutMs;
}

/**
 * Each change of a call that has ended is a reason to look at its records again: recordings come late. While all its
 * agents are at their after-call work, no record is due, and the end of that work is a reason of its own.
 * A digital contact may go on for days after a segment of it was over, so each of its changes is a reason.
 */
function reviewAfterEnd({ session, state }: Call): AfterCallState {
  const { tenantId, callId, version } = session;
  const late = session.state === 'ended' || session.channel === 'digital';
  if (!late || (state.reviewed ?? -1) >= version) return state;
  const answered = answeredInteractions(session);
  const due = answered.length === 0 || answered.some(({ interactionId: id }) => state.acw[id]?.status === 'complete');
  if (!due) return state;
  const asked = state.pending.some(({ kind }) => kind === 'after-call');
  const id = `${tenantId}.${callId}.v${version}`;
  const review: Effect = { kind: 'after-call', id, ...(answered.length === 0 ? { unanswered: true } : {}) };
  return withEffects({ ...state, reviewed: version }, asked ? [] : [review]);
}

const event = (published: ReturnType<typeof acwEnded>): Effect => ({
  kind: 'event',
  id: published.id,
  event: published,
});
