import type { Interaction, QueueVisit, Session } from '@patchcord/contracts';
import { type NormalisedNumber, normaliseNumber } from '../phone-number.ts';

/** A session as names read it. */
export interface CallView {
  readonly session: Session;
  /** The agent's part of the call that it is about. */
  readonly part: Interaction | undefined;
  readonly queue: Session['queues'][number] | undefined;
  readonly recording: Session['recordings'][number] | undefined;
  readonly transfer: Session['transfers'][number] | undefined;
  readonly region: string;
  /** Reading of the clock (ms since 1970), by which times that still go on are told; without one they have no value. */
  readonly now: number | undefined;
}

export interface ViewOptions {
  /** Where national numbers are dialled (ISO 3166); without one only numbers with a `+` are known as such. */
  readonly region?: string;
  readonly now?: number;
  /** Absent: the part of the agent who has the call, or whose telephone rings, or who had it last. */
  readonly interaction?: Interaction;
}

export function callView(session: Session, { region = '', now, interaction }: ViewOptions): CallView {
  const part = interaction ?? currentPart(session);
  return {
    session,
    part,
    queue: session.queues.at(-1),
    recording: session.recordings.findLast(({ legId }) => legId === part?.legId) ?? session.recordings.at(-1),
    transfer: session.transfers.at(-1),
    region,
    now,
  };
}

const currentPart = ({ interactions }: Session): Interaction | undefined => {
  const going = interactions.filter(({ endedAt }) => endedAt === undefined);
  return (
    going.findLast(({ answeredAt }) => answeredAt !== undefined) ??
    going.at(-1) ??
    interactions.findLast(({ answeredAt }) => answeredAt !== undefined) ??
    interactions.at(-1)
  );
};

/** The caller's number (`ani`) or the one dialled (`dnis`), in the form in which numbers are compared. */
export function numberOf({ session, region }: CallView, which: 'ani' | 'dnis'): NormalisedNumber | undefined {
  const raw = session[which];
  return raw === undefined ? undefined : normaliseNumber(raw, region);
}

/** In E.164 where it is a telephone number, else as the PBX said it. */
export const addressOf = (view: CallView, which: 'ani' | 'dnis'): string | undefined =>
  numberOf(view, which)?.e164 ?? view.session[which];

/** What can be dialled: nothing for hidden callers and names. */
export function diallable(view: CallView, which: 'ani' | 'dnis'): string | undefined {
  const number = numberOf(view, which);
  if (number?.kind === 'number') return number.e164 ?? number.national;
  return number?.kind === 'extension' ? view.session[which] : undefined;
}

/** Between two times, or up to now while it goes on (ms). */
export function elapsedMs(
  from: string | undefined,
  to: string | undefined,
  now: number | undefined,
): number | undefined {
  if (from === undefined) return undefined;
  const end = to === undefined ? now : Date.parse(to);
  return end === undefined ? undefined : Math.max(0, end - Date.parse(from));
}

export const inUnixSeconds = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Math.floor(Date.parse(time) / 1000);

export const wholeSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms / 1000);

/** Time in one queue (ms); up to now while the caller waits. Absent where the PBX did not know it. */
export const visitMs = ({ leftAt, enteredAt, waitMs }: QueueVisit, now: number | undefined): number | undefined =>
  leftAt === undefined ? elapsedMs(enteredAt, undefined, now) : waitMs;

/** Time in all queues (ms); absent where that of one is not known. */
export function waitedMs({ session, now }: CallView): number | undefined {
  const waits = session.queues.map((visit) => visitMs(visit, now));
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 || known.length < waits.length ? undefined : known.reduce((sum, wait) => sum + wait);
}
