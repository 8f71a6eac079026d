import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { dispositionValue } from '../disposition.ts';
import { token } from '../tokens.ts';

export const dispositionRecorded = defineEvent({
  entity: 'disposition',
  event: 'recorded',
  meaning: 'An agent recorded the disposition of an interaction.',
  data: z.object({
    callId: token,
    interactionId: token,
    agentId: token,
    disposition: dispositionValue,
  }),
  examples: [
    {
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      agentId: '1001',
      disposition: { optionId: 'sold', name: 'Sold', comments: 'wants delivery on Friday' },
    },
  ],
});
