import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { dispositionNews, dispositionValue } from '../disposition.ts';

export const dispositionChanged = defineEvent({
  entity: 'disposition',
  event: 'changed',
  meaning: 'Somebody changed the disposition of an interaction or of a contact.',
  data: z.object({ ...dispositionNews.shape, previous: dispositionValue }),
  examples: [
    {
      dispositionId: 'i-lab-1795218081_2E1609',
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      agentId: '1001',
      disposition: { optionId: 'sold', name: 'Sold', comments: 'wants delivery on Friday' },
      changes: 2,
      previous: { optionId: 'callback', name: 'Call back' },
    },
  ],
});
