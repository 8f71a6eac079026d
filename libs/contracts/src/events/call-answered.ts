import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef, durationMs } from '../parties.ts';
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
    /**
     * How long this phone rang, where that is not simply the time since `agent-ringing` (a consulted agent had answered
     * before the customer was passed to him). null: not known, e.g. answered while the PBX was out of reach.
     */
    ringMs: durationMs.nullable().optional(),
  }),
  examples: [
    {
      agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      legId: 'l-lab-1795218081_2E1609',
      queue: 'support',
    },
  ],
});
