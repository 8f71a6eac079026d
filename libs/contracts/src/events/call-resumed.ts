import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callResumed = defineEvent({
  entity: 'call',
  event: 'resumed',
  meaning: 'The conversation goes on after a hold.',
  data: z.object({
    /** The leg of the agent whose conversation it is. */
    legId: token,
    by: z.enum(['agent', 'customer']),
  }),
  examples: [{ legId: 'l-lab-1795218081_2E1609', by: 'agent' }],
});
