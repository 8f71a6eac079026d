import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callMerged = defineEvent({
  entity: 'call',
  event: 'merged',
  meaning: 'This call turned out to be part of another: a consult call whose parties joined the first.',
  data: z.object({
    intoCallId: token,
  }),
  examples: [{ intoCallId: 'c-lab-1795216875_2E70' }],
});
