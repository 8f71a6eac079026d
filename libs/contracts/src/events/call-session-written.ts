import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { sessionChanges, sessionWriter } from '../session-data.ts';

export const callSessionWritten = defineEvent({
  entity: 'call',
  event: 'session-written',
  meaning: "Somebody outside of the PBX wrote into the call's session; null deletes a value.",
  data: z.object({ changes: sessionChanges, by: sessionWriter }),
  examples: [
    {
      changes: { 'ivr.email': 'jane@example.com', 'ivr.premium': true, 'ivr.old': null },
      by: { kind: 'crm', id: 'order-service' },
    },
  ],
});
