import { type Interaction, type Recording, recording, type Session, token } from '@patchcord/contracts';
import { z } from 'zod';

/** A recording as it is found again once the session of its call is forgotten. */
export const indexedRecording = recording.extend({
  callId: token,
  pbxId: token.optional(),
  /** Who is to be heard. */
  agentIds: z.array(token),
});
export type IndexedRecording = z.infer<typeof indexedRecording>;

/** The recordings of a call, each with the agents who are to be heard in it as far as it is known by now. */
export const recordingsOf = ({ callId, pbxId, recordings, interactions }: Session): IndexedRecording[] =>
  recordings.map((one) => ({
    ...one,
    callId,
    ...(pbxId === undefined ? {} : { pbxId }),
    agentIds: [...new Set(heardIn(one, interactions).map(({ agent }) => agent.agentId))],
  }));

/** An agent's own leg has one voice; the caller's leg has all who spoke while it was recorded. */
function heardIn(one: Recording, interactions: readonly Interaction[]): Interaction[] {
  const own = interactions.filter(({ legId }) => legId === one.legId);
  return own.length > 0 ? own : interactions.filter((interaction) => overlaps(one, interaction));
}

function overlaps({ startedAt, endedAt }: Recording, { answeredAt, endedAt: leftAt }: Interaction): boolean {
  if (answeredAt === undefined) return false;
  const begins = Date.parse(startedAt);
  const ends = endedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(endedAt);
  const left = leftAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(leftAt);
  return Date.parse(answeredAt) < ends && left > begins;
}
