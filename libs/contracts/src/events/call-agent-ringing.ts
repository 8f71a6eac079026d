import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';
import { token } from '../tokens.ts';

export const callAgentRinging = defineEvent({
  entity: 'call',
  event: 'agent-ringing',
  meaning: 'The phone of an agent rings for this call.',
  data: z.object({
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
