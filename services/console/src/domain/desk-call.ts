import type { DeskCall, Interaction, Session } from '@patchcord/contracts';

/** One agent's part of a call, or that he has none any more. */
export interface DeskPart {
  readonly agentId: string;
  readonly interactionId: string;
  /** Undefined: his phone rings no more, and he never spoke. */
  readonly call: DeskCall | undefined;
}

/** What each agent of a session has on his desk. What is no call is on cards only. */
export function deskParts(session: Session, campaignId: string | undefined): DeskPart[] {
  if (session.channel === 'digital') return [];
  return session.interactions.map((interaction) => ({
    agentId: interaction.agent.agentId,
    interactionId: interaction.interactionId,
    call: deskCallOf(session, interaction, campaignId),
  }));
}

function deskCallOf(session: Session, interaction: Interaction, campaignId: string | undefined): DeskCall | undefined {
  const { answeredAt, endedAt, ringingAt, heldAt, queue } = interaction;
  // It goes on as part of another call, and is on the desk there.
  if (session.mergedInto !== undefined || interaction.state === 'missed') return undefined;
  const isOver = interaction.state === 'ended' || session.state === 'ended';
  if (isOver && answeredAt === undefined) return undefined;
  const { callId, version, direction, ani, callerName, dnis } = session;
  const state = isOver ? 'ended' : (interaction.state as 'ringing' | 'talking' | 'held');
  const ended = isOver ? (endedAt ?? session.endedAt) : undefined;
  const optional = { direction, ani, callerName, dnis, queue: queue ?? session.queues.at(-1)?.queue, campaignId };
  const times = { ringingAt, answeredAt, heldAt, endedAt: ended };
  return { callId, interactionId: interaction.interactionId, version, state, ...present({ ...optional, ...times }) };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
