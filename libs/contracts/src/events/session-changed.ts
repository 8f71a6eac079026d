import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { session } from '../session.ts';
import { sessionWriter } from '../session-data.ts';

export const sessionChanged = defineEvent({
  entity: 'session',
  event: 'changed',
  meaning: 'The live session changed; carries the whole snapshot, so that a reader asks nobody.',
  data: z.object({
    /** The event that changed it. */
    cause: z.object({ id: z.string(), type: z.string(), time: z.iso.datetime({ offset: true }) }),
    session,
    /** Present when somebody wrote into the session: who, and which names. */
    written: z.object({ by: sessionWriter, names: z.array(z.string()) }).optional(),
    /**
     * Present when the cause came late: it belongs before events that were folded already. What was decided on the
     * snapshots in between was decided without it.
     */
    late: z.literal(true).optional(),
  }),
  examples: [
    {
      cause: { id: 'lab-1795218080.1608-offered', type: 'patchcord.v1.call.offered', time: '2026-11-20T23:41:21.100Z' },
      session: {
        tenantId: 'acme',
        callId: 'c-lab-1795218080_2E1608',
        version: 1,
        state: 'ringing',
        direction: 'inbound',
        ani: '+14155550123',
        dnis: '+12025550100',
        offeredAt: '2026-11-20T23:41:21.100Z',
        ivrs: [],
        digits: '',
        queues: [],
        interactions: [],
        transfers: [],
        conference: [],
        variables: {},
        recordings: [],
      },
    },
  ],
});
