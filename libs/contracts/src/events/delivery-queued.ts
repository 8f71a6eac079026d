import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { failureData } from '../failure.ts';
import { token } from '../tokens.ts';
import { crmDestination, workCause } from '../work.ts';

export const deliveryQueued = defineEvent({
  entity: 'delivery',
  event: 'queued',
  meaning: 'A request to a CRM is planned and durably enqueued.',
  data: z.object({
    workId: z.string(),
    callId: token,
    destination: crmDestination,
    cause: workCause,
    attempt: z.number().int().nonnegative(),
    status: z.number().int().optional(),
    durationMs: z.number().nonnegative().optional(),
    failure: failureData.optional(),
  }),
  examples: [
    {
      workId: 'w.c-lab-1.site-crm.answered',
      callId: 'c-lab-1',
      destination: { kind: 'site', id: 'crm' },
      cause: 'answered',
      attempt: 1,
    },
  ],
});
