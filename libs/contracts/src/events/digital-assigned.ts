import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalFacts, digitalId } from '../digital.ts';
import { agentRef } from '../parties.ts';

export const digitalAssigned = defineEvent({
  entity: 'digital',
  event: 'assigned',
  meaning: 'A digital contact became the work of an agent: a segment of his own.',
  subject: digitalId,
  data: z.object({
    ...digitalFacts,
    /** Names his part within the contact. The same agent gets another when the contact comes back to him. */
    segmentId: digitalId,
    agent: agentRef,
  }),
  examples: [
    {
      segmentId: '1',
      agent: { agentId: '1001', name: 'Ana' },
      kind: 'chat',
      customer: { email: 'ann@example.com' },
      queue: 'support',
    },
  ],
});
