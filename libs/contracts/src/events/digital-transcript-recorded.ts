import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalId } from '../digital.ts';

export const digitalTranscriptRecorded = defineEvent({
  entity: 'digital',
  event: 'transcript-recorded',
  meaning: 'What was written so far, whole: of a segment, or of the conversation. The latest counts.',
  subject: digitalId,
  data: z.object({
    /** Absent: of the whole conversation. */
    segmentId: digitalId.optional(),
    /** Longer ones are cut, with a word that they were. */
    text: z.string().min(1),
  }),
  examples: [
    { text: '12:00 Ann: Where is my parcel?\n12:01 Ana: On its way.' },
    { segmentId: '1', text: '12:00 Ann: Where is my parcel?' },
  ],
});
