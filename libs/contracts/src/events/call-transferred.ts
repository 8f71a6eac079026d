import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { agentRef } from '../parties.ts';
import { token } from '../tokens.ts';

export const callTransferred = defineEvent({
  entity: 'call',
  event: 'transferred',
  meaning: 'The customer was passed on.',
  data: z.object({
    kind: z.enum(['blind', 'attended', 'redirect']),
    from: agentRef.optional(),
    fromLegId: token.optional(),
    to: z.object({ extension: z.string().max(128).optional(), agent: agentRef.optional(), legId: token.optional() }),
    /** The consult call, when it was a call of its own; it is merged into this one. */
    consultCallId: token.optional(),
  }),
  examples: [
    {
      kind: 'blind',
      from: { agentId: '1001', name: 'Agent One', interface: 'PJSIP/1001' },
      fromLegId: 'l-lab-1795218081_2E1609',
      to: { extension: '1002' },
    },
  ],
});
