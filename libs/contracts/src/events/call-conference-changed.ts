import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callConferenceChanged = defineEvent({
  entity: 'call',
  event: 'conference-changed',
  meaning: 'More than two parties speak, or no longer do.',
  data: z.object({
    legIds: z.array(token).max(64),
  }),
  examples: [{ legIds: ['l-lab-1', 'l-lab-2', 'l-lab-3'] }],
});
