import {
  type Interaction,
  type Session,
  type SessionChanged,
  type SiteMoment,
  siteMoments,
} from '@patchcord/contracts';
import { defined } from './defined.ts';
import { tokenOf } from './token-of.ts';

/** Moments that the session does not keep: they are told with the event that tells them, and never again. */
const passingMoments = ['ivr-entered', 'dtmf-collected'] as const;
const callMoments = [...siteMoments, ...passingMoments, 'agent-missed'] as const;
type CallMoment = (typeof callMoments)[number];

/** Something of a call that can be told of. */
export interface Moment<Cause extends CallMoment = CallMoment> {
  readonly cause: Cause;
  readonly at: string;
  /** The agent's part of the call that it is about; of a moment of the whole call, the part that came last. */
  readonly interaction?: Interaction;
  /** Whether each agent's part has this moment by itself, so that the part belongs to its identity. */
  readonly ofPart: boolean;
  /**
   * Which of several of its kind. By its time, not by its number: one that is heard of late would change the numbers of
   * those that were told before.
   */
  readonly occurrence?: string;
  /** Whose browser shows a site because of it; nobody's where it is undefined. */
  readonly viewer?: Interaction;
}

/**
 * What of a call is to be told because it changed. By its time, an event is known in the session it made: one that began
 * nothing is not told of. An event that came late may name what was not known before, such as the queue that makes the
 * campaign: then all that has happened is told, and what was told before is the same work under the same id.
 */
export function momentsOfChange({ cause, session, late }: SessionChanged['data']): Moment[] {
  const fired = momentOf(cause.type);
  // The call it was merged into tells the story.
  if ((fired === undefined && late === undefined) || session.mergedInto !== undefined) return [];
  const all = [...momentsOf(session), ...passingMoment(cause, session)];
  if (late === true) return all;
  // The session does not keep when it heard of a recording: the one it heard of now stands last.
  if (fired === 'recording-ready') return all.filter((moment) => moment.cause === fired).slice(-1);
  return all.filter((moment) => moment.cause === fired && moment.at === cause.time);
}

/** Those that sites can be told of. */
export const siteMomentsOfChange = (change: SessionChanged['data']): Moment<SiteMoment>[] =>
  momentsOfChange(change).filter(isOfSites);

const isOfSites = (moment: Moment): moment is Moment<SiteMoment> => siteMoments.some((one) => one === moment.cause);

function momentOf(type: string): CallMoment | undefined {
  const [, , entity, event] = type.split('.');
  return entity === 'call' ? callMoments.find((moment) => moment === event) : undefined;
}

function passingMoment({ id, type, time }: SessionChanged['data']['cause'], session: Session): Moment[] {
  const cause = passingMoments.find((moment) => moment === momentOf(type));
  if (cause === undefined) return [];
  return [{ cause, at: time, ofPart: false, occurrence: tokenOf(id), ...defined({ interaction: lastPart(session) }) }];
}

/** Every moment of a call so far. */
function momentsOf(session: Session): Moment[] {
  const { offeredAt, abandoned, endedAt, interactions } = session;
  const last = lastPart(session);
  const whole = (cause: CallMoment, at: string | undefined, more: Partial<Moment> = {}): Moment[] =>
    at === undefined ? [] : [{ cause, at, ofPart: false, ...defined({ interaction: last }), ...more }];
  return [
    ...whole('offered', offeredAt),
    ...session.queues.flatMap(({ enteredAt }) => whole('queued', enteredAt, { occurrence: byTime(enteredAt) })),
    ...interactions.flatMap((one) => momentsOfPart(one, endedAt)),
    ...session.transfers.flatMap(({ at, from, to }) =>
      whole('transferred', at, {
        occurrence: byTime(at),
        ...defined({ interaction: partOf(session, from) ?? last, viewer: partOf(session, to.agent, to.legId) }),
      }),
    ),
    ...whole('abandoned', abandoned?.at),
    ...session.recordings.flatMap(({ recordingId, legId, startedAt, endedAt }) => {
      const interaction = interactions.find((one) => one.legId === legId) ?? last;
      const more = defined({ interaction, viewer: interaction });
      return whole('recording-ready', endedAt ?? startedAt, { occurrence: recordingId, ...more });
    }),
    ...whole('ended', endedAt, defined({ viewer: last })),
  ];
}

function momentsOfPart(one: Interaction, callEndedAt: string | undefined): Moment[] {
  const told = (cause: CallMoment, at: string | undefined, occurrence?: string): Moment[] =>
    at === undefined ? [] : [{ cause, at, interaction: one, viewer: one, ofPart: true, ...defined({ occurrence }) }];
  return [
    ...told('agent-ringing', one.ringingAt),
    ...told('answered', one.answeredAt),
    // Whose telephone still rang as the caller hung up missed nothing.
    ...(one.state === 'missed' && one.endedAt !== undefined && one.endedAt !== callEndedAt
      ? told('agent-missed', one.endedAt, byTime(one.endedAt))
      : []),
    ...(one.pauses ?? []).flatMap(({ heldAt, resumedAt }) => [
      ...told('held', heldAt, byTime(heldAt)),
      ...told('resumed', resumedAt, resumedAt === undefined ? undefined : byTime(resumedAt)),
    ]),
  ];
}

const byTime = (at: string): string => `t${Date.parse(at)}`;

/** The agent who spoke last; his is what is told of the whole call. */
const lastPart = ({ interactions }: Session): Interaction | undefined =>
  interactions.findLast((one) => one.answeredAt !== undefined);

const partOf = (
  { interactions }: Session,
  agent: { readonly agentId: string } | undefined,
  legId?: string,
): Interaction | undefined =>
  interactions.find((one) => one.legId === legId) ??
  interactions.findLast((one) => one.agent.agentId === agent?.agentId);
