import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callQueued = defineEvent({
  entity: 'call',
  event: 'queued',
  meaning: 'The caller waits in a queue.',
  data: z.object({
    queue: z.string().min(1).max(128),
    legId: token,
    /** Place in the queue, 1 is next. */
    position: z.number().int().positive().optional(),
  }),
  examples: [{ queue: 'support', legId: 'l-lab-1795218080_2E1608', position: 1 }],
});
