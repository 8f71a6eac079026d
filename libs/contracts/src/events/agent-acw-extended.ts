import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';
import { token } from '../tokens.ts';

export const agentAcwExtended = defineEvent({
  entity: 'agent',
  event: 'acw-extended',
  meaning: 'An agent took more time for his after-call work.',
  data: z.object({
    agent: agentRef,
    callId: token,
    interactionId: token,
    /** When it ends by itself now. */
    until: z.iso.datetime({ offset: true }),
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      callId: 'c-lab-1795218080_2E1608',
      interactionId: 'i-lab-1795218081_2E1609',
      until: '2026-11-20T23:44:00.000Z',
    },
  ],
});
