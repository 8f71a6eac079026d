import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';
import { token } from '../tokens.ts';

export const callAnswered = defineEvent({
  entity: 'call',
  event: 'answered',
  meaning: 'A person speaks with the customer: an agent, or on an outbound call the customer himself.',
  data: z.object({
    /** The agent on this leg. */
    agent: agentRef,
    legId: token,
    queue: z.string().max(128).optional(),
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      legId: 'l-lab-1795218081_2E1609',
      queue: 'support',
    },
  ],
});
