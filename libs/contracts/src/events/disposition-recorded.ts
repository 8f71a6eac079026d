import { defineEvent } from '../define-event.ts';
import { dispositionNews } from '../disposition.ts';

export const dispositionRecorded = defineEvent({
  entity: 'disposition',
  event: 'recorded',
  meaning: 'Somebody recorded the disposition of an interaction, or of a contact outside any call.',
  data: dispositionNews,
  examples: [
    {
      dispositionId: 'i-lab-1795218081_2E1609',
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      agentId: '1001',
      disposition: { optionId: 'sold', name: 'Sold', comments: 'wants delivery on Friday' },
      changes: 1,
    },
    {
      dispositionId: 'd-11-k7Qm',
      campaignId: '11',
      contactId: 'k7Qm',
      disposition: { optionId: 'callback', name: 'Call back' },
      changes: 1,
    },
  ],
});
