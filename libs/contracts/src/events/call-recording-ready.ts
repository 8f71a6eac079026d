import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { token } from '../tokens.ts';

export const callRecordingReady = defineEvent({
  entity: 'call',
  event: 'recording-ready',
  meaning: 'A recording of one leg is complete.',
  data: z.object({
    recordingId: token,
    legId: token,
    /** File name or URL, as the PBX gives it. */
    location: z.string().min(1).max(1024),
    startedAt: z.iso.datetime({ offset: true }),
    endedAt: z.iso.datetime({ offset: true }).optional(),
  }),
  examples: [
    {
      recordingId: 'r-lab-1',
      legId: 'l-lab-1795218080_2E1608',
      location: '/var/rec/a.wav',
      startedAt: '2026-11-20T23:41:21.000Z',
      endedAt: '2026-11-20T23:41:25.000Z',
    },
  ],
});
