import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalId } from '../digital.ts';

export const digitalUnassigned = defineEvent({
  entity: 'digital',
  event: 'unassigned',
  meaning: 'The contact is no longer the work of an agent; he may still have it before him.',
  subject: digitalId,
  data: z.object({
    segmentId: digitalId,
  }),
  examples: [{ segmentId: '1' }],
});
