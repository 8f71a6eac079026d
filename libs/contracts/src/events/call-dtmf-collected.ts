import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callDtmfCollected = defineEvent({
  entity: 'call',
  event: 'dtmf-collected',
  meaning: 'The caller pressed keys in an IVR.',
  data: z.object({
    /** One or more of 0-9, *, #, A-D, in the order pressed. */
    digits: z.string().regex(/^[0-9*#A-D]{1,64}$/),
    legId: token,
  }),
  examples: [{ digits: '4', legId: 'l-lab-1795218080_2E1608' }],
});
