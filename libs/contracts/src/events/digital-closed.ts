import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalId } from '../digital.ts';
import { endedBy } from '../parties.ts';

export const digitalClosed = defineEvent({
  entity: 'digital',
  event: 'closed',
  meaning: 'The conversation is over, and with it every segment that is not.',
  subject: digitalId,
  data: z.object({
    by: endedBy.optional(),
  }),
  examples: [{ by: 'agent' }],
});
