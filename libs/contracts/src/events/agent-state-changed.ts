import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';

export const agentStateChanged = defineEvent({
  entity: 'agent',
  event: 'state-changed',
  meaning: 'An agent became ready, paused, busy or unreachable.',
  data: z.object({
    agent: agentRef,
    state: z.enum(['ready', 'paused', 'ringing', 'busy', 'on-hold', 'offline']),
    reason: z.string().max(256).optional(),
    queue: z.string().max(128).optional(),
  }),
  examples: [
    { agent: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' }, state: 'paused', reason: 'lunch' },
  ],
});
