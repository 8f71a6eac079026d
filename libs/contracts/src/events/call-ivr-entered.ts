import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callIvrEntered = defineEvent({
  entity: 'call',
  event: 'ivr-entered',
  meaning: 'The caller reached an IVR or menu.',
  data: z.object({
    /** The PBX's name of it, e.g. the dialplan context. */
    ivr: z.string().max(256),
    legId: token,
  }),
  examples: [{ ivr: 'main-menu', legId: 'l-lab-1795218080_2E1608' }],
});
