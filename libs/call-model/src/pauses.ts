import { type AnyEvent, agentRef } from '@patchcord/contracts';
import { z } from 'zod';
import { defined, msBetween } from './defined.ts';
import { inOrder } from './order.ts';

export const storyPause = z.object({
  agent: agentRef,
  reason: z.string().optional(),
  /** Only where he paused in one queue and not in others. */
  queue: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  durationMs: z.number().int().nonnegative().optional(),
});
export type StoryPause = z.infer<typeof storyPause>;

/** The breaks that agents took, in the order in which they began. A pause in further queues is the same break. */
export function pausesOf(events: Iterable<AnyEvent>): StoryPause[] {
  const pauses: StoryPause[] = [];
  const open = new Map<string, number>();
  for (const event of inOrder([...events].filter((one) => one.type === 'patchcord.v1.agent.state-changed'))) {
    const { agent, state, reason, queue } = event.data;
    const at = open.get(agent.agentId);
    const pause = at === undefined ? undefined : pauses[at];
    if (at !== undefined && pause !== undefined && (state !== 'paused' || pause.reason !== reason)) {
      pauses[at] = { ...pause, to: event.time, ...defined({ durationMs: msBetween(pause.from, event.time) }) };
      open.delete(agent.agentId);
    }
    if (state !== 'paused') continue;
    const going = open.get(agent.agentId);
    const from = going === undefined ? event.time : (pauses[going]?.from ?? event.time);
    pauses[going ?? pauses.length] = { agent, from, ...defined({ reason, queue }) };
    open.set(agent.agentId, going ?? pauses.length - 1);
  }
  return pauses;
}
