import { type DigitalEvent, digitalInteractionIdOf } from '@patchcord/contracts';
import { z } from 'zod';
import { defined } from '../defined.ts';
import type { DigitalLog } from './log.ts';

/** One thing that happened to a digital contact. Says nothing of what was written. */
export const courseStep = z.object({
  at: z.iso.datetime({ offset: true }),
  /** The event's name, e.g. `assigned`. */
  what: z.string(),
  interactionId: z.string().optional(),
  agentId: z.string().optional(),
  /** Whom or what it was transferred to. */
  to: z.string().optional(),
});
export type CourseStep = z.infer<typeof courseStep>;

/** What happened to a digital contact, in order. */
export const courseOf = (log: DigitalLog): CourseStep[] => log.map(stepOf);

function stepOf({ type, time, subject, data }: DigitalEvent): CourseStep {
  const interactionId =
    'segmentId' in data && data.segmentId !== undefined ? digitalInteractionIdOf(subject, data.segmentId) : undefined;
  const agentId = 'agent' in data ? data.agent.agentId : undefined;
  const to = 'to' in data ? (data.to?.agent?.agentId ?? data.to?.queue) : undefined;
  return { at: time, what: type.slice('patchcord.v1.digital.'.length), ...defined({ interactionId, agentId, to }) };
}
