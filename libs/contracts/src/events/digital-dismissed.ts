import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalId } from '../digital.ts';

export const digitalDismissed = defineEvent({
  entity: 'digital',
  event: 'dismissed',
  meaning: 'An agent took the contact off his desk. His segment is over once it is also unassigned.',
  subject: digitalId,
  data: z.object({
    segmentId: digitalId,
  }),
  examples: [{ segmentId: '1' }],
});
