import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { endedBy } from '../parties.ts';

export const callEnded = defineEvent({
  entity: 'call',
  event: 'ended',
  meaning: 'All legs of the call are gone.',
  data: z.object({
    endedBy,
    reason: z.enum([
      'hangup',
      'busy',
      'no-answer',
      'declined',
      'unreachable',
      'failed',
      'pbx-restart',
      'pbx-crash',
      'lost',
    ]),
    /** Hang-up cause of ITU-T Q.850, and the SIP status when there is one. */
    cause: z
      .object({
        q850: z.number().int().optional(),
        text: z.string().max(128).optional(),
        sip: z.number().int().optional(),
      })
      .optional(),
  }),
  examples: [{ endedBy: 'customer', reason: 'hangup', cause: { q850: 16, text: 'Normal Clearing' } }],
});
