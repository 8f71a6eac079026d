import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { durationMs } from '../parties.ts';

export const callAbandoned = defineEvent({
  entity: 'call',
  event: 'abandoned',
  meaning: 'The caller hung up before anybody answered.',
  data: z.object({
    during: z.enum(['ivr', 'queue', 'ringing']),
    queue: z.string().max(128).optional(),
    waitMs: durationMs.optional(),
  }),
  examples: [{ during: 'queue', queue: 'support', waitMs: 4100 }],
});
