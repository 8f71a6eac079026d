import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { dispositionValue } from '../disposition.ts';
import { token } from '../tokens.ts';

export const dispositionChanged = defineEvent({
  entity: 'disposition',
  event: 'changed',
  meaning: 'An agent changed the disposition of an interaction.',
  data: z.object({
    callId: token,
    interactionId: token,
    agentId: token,
    disposition: dispositionValue,
    previous: dispositionValue,
  }),
  examples: [
    {
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      agentId: '1001',
      disposition: { optionId: 'sold', name: 'Sold', comments: 'wants delivery on Friday' },
      previous: { optionId: 'callback', name: 'Call back' },
    },
  ],
});
