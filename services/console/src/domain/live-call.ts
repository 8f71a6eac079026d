import { callOutcome, direction, type Interaction, type Session, session } from '@patchcord/contracts';
import { z } from 'zod';

/** What the page shows of a call. Variables, digits and recordings are not in it: a glance needs none of them. */
export const liveCall = z
  .object({
    callId: z.string(),
    version: z.number(),
    state: session.shape.state,
    direction: direction.optional(),
    ani: z.string().optional(),
    callerName: z.string().optional(),
    dnis: z.string().optional(),
    queue: z.string().optional(),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    /** Agents whose phones ring. */
    ringing: z.number(),
    offeredAt: z.string().optional(),
    /** When the present state began. */
    since: z.string(),
    endedAt: z.string().optional(),
    outcome: callOutcome.optional(),
  })
  .meta({ id: 'LiveCall', description: 'A call as it is now.' });
export type LiveCall = z.infer<typeof liveCall>;

/** The glance at a session. `changedAt` is the time of the event that changed it last. */
export function liveCallOf(of: Session, changedAt: string): LiveCall {
  const speaking = of.interactions.findLast(({ state }) => state === 'talking' || state === 'held');
  const last = speaking ?? of.interactions.findLast(({ answeredAt }) => answeredAt !== undefined);
  const queue = of.queues.at(-1)?.queue ?? last?.queue;
  return {
    callId: of.callId,
    version: of.version,
    state: of.state,
    ringing: of.interactions.filter(({ state }) => state === 'ringing').length,
    since: sinceOf(of, speaking) ?? changedAt,
    ...present({
      direction: of.direction,
      ani: of.ani,
      callerName: of.callerName,
      dnis: of.dnis,
      queue,
      agentId: last?.agent.agentId,
      agentName: last?.agent.name,
      offeredAt: of.offeredAt,
      endedAt: of.endedAt,
      outcome: of.outcome,
    }),
  };
}

function sinceOf(of: Session, speaking: Interaction | undefined): string | undefined {
  if (of.state === 'ended') return of.endedAt;
  if (of.state === 'queued') return of.queues.at(-1)?.enteredAt;
  if (of.state === 'talking') return speaking?.answeredAt ?? of.answeredAt;
  if (of.state === 'ringing')
    return of.interactions.findLast(({ state }) => state === 'ringing')?.ringingAt ?? of.offeredAt;
  return undefined;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the fields that are undefined. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
