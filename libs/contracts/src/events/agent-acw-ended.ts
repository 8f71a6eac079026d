import { z } from 'zod';
import { acwReasons } from '../acw-rpc.ts';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';
import { token } from '../tokens.ts';

export const agentAcwEnded = defineEvent({
  entity: 'agent',
  event: 'acw-ended',
  meaning: 'After-call work is complete; the interaction may be recorded in the CRM.',
  data: z.object({
    agent: agentRef,
    callId: token,
    interactionId: token,
    reason: z.enum(acwReasons),
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      reason: 'disposition',
    },
  ],
});
