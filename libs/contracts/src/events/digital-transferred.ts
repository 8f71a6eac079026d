import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalId } from '../digital.ts';
import { agentRef } from '../parties.ts';

export const digitalTransferred = defineEvent({
  entity: 'digital',
  event: 'transferred',
  meaning: 'An agent handed the contact on: his segment is over.',
  subject: digitalId,
  data: z.object({
    /** His, not that of whoever comes next. */
    segmentId: digitalId,
    to: z.object({ agent: agentRef.optional(), queue: z.string().min(1).max(128).optional() }).optional(),
  }),
  examples: [
    { segmentId: '1', to: { agent: { agentId: '1002', name: 'Bob' } } },
    { segmentId: '1', to: { queue: 'billing' } },
  ],
});
