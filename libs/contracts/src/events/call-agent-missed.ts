import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef, durationMs } from '../parties.ts';
import { token } from '../tokens.ts';

export const callAgentMissed = defineEvent({
  entity: 'call',
  event: 'agent-missed',
  meaning: 'The phone of an agent stopped ringing without an answer.',
  data: z.object({
    agent: agentRef,
    legId: token,
    queue: z.string().max(128).optional(),
    reason: z.enum(['no-answer', 'declined', 'busy', 'unreachable', 'answered-elsewhere', 'caller-gone', 'failed']),
    ringMs: durationMs.optional(),
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      legId: 'l-lab-1795218081_2E1609',
      queue: 'support',
      reason: 'no-answer',
      ringMs: 3000,
    },
  ],
});
