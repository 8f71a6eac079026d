import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { direction, rawNumber } from '../parties.ts';
import { token } from '../tokens.ts';

export const callOffered = defineEvent({
  entity: 'call',
  event: 'offered',
  meaning: 'A call exists: somebody dialled, nobody has answered yet.',
  data: z.object({
    direction,
    /** Calling number. Absent when withheld. */
    ani: rawNumber.optional(),
    callerName: z.string().max(256).optional(),
    /** Dialled number; the DID of an inbound call. */
    dnis: rawNumber.optional(),
    legId: token,
    pbxId: token,
    /** The PBX's own id of the call, e.g. an Asterisk Linkedid. */
    pbxCallId: z.string().max(256).optional(),
  }),
  examples: [
    {
      direction: 'inbound',
      ani: '+14155550123',
      dnis: '+12025550100',
      legId: 'l-lab-1795218080_2E1608',
      pbxId: 'lab',
      pbxCallId: '1795218080.1608',
    },
  ],
});
