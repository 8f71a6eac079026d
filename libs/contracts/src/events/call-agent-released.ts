import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef, endedBy } from '../parties.ts';
import { token } from '../tokens.ts';

export const callAgentReleased = defineEvent({
  entity: 'call',
  event: 'agent-released',
  meaning: 'The part of one agent is over; the call may go on without him.',
  data: z.object({
    agent: agentRef,
    legId: token,
    endedBy,
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      legId: 'l-lab-1795218081_2E1609',
      endedBy: 'customer',
    },
  ],
});
