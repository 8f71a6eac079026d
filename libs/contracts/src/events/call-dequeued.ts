import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { durationMs } from '../parties.ts';
import { token } from '../tokens.ts';

export const callDequeued = defineEvent({
  entity: 'call',
  event: 'dequeued',
  meaning: 'The caller left a queue, answered or not.',
  data: z.object({
    queue: z.string().min(1).max(128),
    legId: token,
    reason: z.enum(['connected', 'abandoned', 'timeout', 'left']),
    /** null: not known, e.g. the caller left while the PBX was out of reach. */
    waitMs: durationMs.nullable().optional(),
  }),
  examples: [{ queue: 'support', legId: 'l-lab-1795218080_2E1608', reason: 'connected', waitMs: 1005 }],
});
