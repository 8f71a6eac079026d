import {
  type AgentRef,
  type CallEvent,
  type EndedBy,
  type Interaction,
  interactionIdOf,
  type Session,
} from '@patchcord/contracts';
import { defined, msBetween } from '../defined.ts';

type Of<Name extends string> = Extract<CallEvent, { type: `patchcord.v1.call.${Name}` }>;

interface Part {
  readonly agent: AgentRef;
  readonly legId: string;
  readonly queue?: string | undefined;
}

export const ring = (session: Session, { time, data }: Of<'agent-ringing'>): Session =>
  change(session, data, (one) => (one.ringingAt === undefined && !isOver(one) ? { ...one, ringingAt: time } : one));

export const miss = (session: Session, { time, data }: Of<'agent-missed'>): Session =>
  change(session, data, (one) => {
    if (one.answeredAt !== undefined || isOver(one)) return one;
    const ringMs = data.ringMs ?? msBetween(one.ringingAt, time);
    return { ...one, state: 'missed', endedAt: time, missedReason: data.reason, ...defined({ ringMs }) };
  });

export function answer(session: Session, { time, data }: Of<'answered'>): Session {
  const talking = change(session, data, (one) => {
    if (one.answeredAt !== undefined) return one;
    const { endedAt: _, missedReason: __, ...rest } = one;
    const ringMs = data.ringMs === null ? undefined : (data.ringMs ?? msBetween(one.ringingAt, time));
    return { ...rest, state: 'talking', answeredAt: time, ...defined({ ringMs }) };
  });
  return { ...talking, answeredAt: session.answeredAt ?? time };
}

export const release = (session: Session, { time, data }: Of<'agent-released'>): Session =>
  change(session, data, (one) => finish(one, time, data.endedBy));

/** A hold of a leg that nobody heard of cannot be told: there is no agent to tell it of. */
export const hold = (session: Session, { time, data }: Of<'held'>): Session =>
  changeKnown(session, data.legId, (one) =>
    one.state === 'talking'
      ? { ...one, state: 'held', heldAt: time, holds: one.holds + 1, pauses: paused(one, time) }
      : one,
  );

export const resume = (session: Session, { time, data }: Of<'resumed'>): Session =>
  changeKnown(session, data.legId, (one) => {
    if (one.state !== 'held') return one;
    const pauses = (one.pauses ?? []).map((pause) =>
      pause.heldAt === one.heldAt ? { ...pause, resumedAt: time } : pause,
    );
    return { ...endHold(one, time), state: 'talking', pauses };
  });

/** A phone that is put on hold over and over must not make the session grow without end. */
const maxPauses = 100;

const paused = ({ pauses = [] }: Interaction, heldAt: string): NonNullable<Interaction['pauses']> => [
  ...pauses.slice(1 - maxPauses),
  { heldAt },
];

/** The end of an agent's part. A hold that is still on ends with it. */
export function finish(one: Interaction, time: string, endedBy: EndedBy): Interaction {
  if (isOver(one)) return one;
  const talkMs = msBetween(one.answeredAt, time);
  return { ...endHold(one, time), state: 'ended', endedAt: time, endedBy, ...defined({ talkMs }) };
}

const isOver = (one: Interaction): boolean => one.state === 'ended' || one.state === 'missed';

function endHold(one: Interaction, time: string): Interaction {
  const { heldAt, ...rest } = one;
  return { ...rest, holdMs: one.holdMs + (msBetween(heldAt, time) ?? 0) };
}

/** Changes the interaction of a leg, which begins here if it was not heard of. */
function change(session: Session, part: Part, to: (one: Interaction) => Interaction): Session {
  const at = session.interactions.findIndex((one) => one.legId === part.legId);
  const known = session.interactions[at];
  const one = to({ ...(known ?? begun(part)), ...defined({ queue: known?.queue ?? part.queue }) });
  return { ...session, interactions: at === -1 ? [...session.interactions, one] : session.interactions.with(at, one) };
}

function changeKnown(session: Session, legId: string, to: (one: Interaction) => Interaction): Session {
  return { ...session, interactions: session.interactions.map((one) => (one.legId === legId ? to(one) : one)) };
}

const begun = ({ agent, legId }: Part): Interaction => ({
  interactionId: interactionIdOf(legId),
  legId,
  agent,
  state: 'ringing',
  holdMs: 0,
  holds: 0,
});
