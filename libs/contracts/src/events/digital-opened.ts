import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { digitalFacts, digitalId, digitalKind } from '../digital.ts';

export const digitalOpened = defineEvent({
  entity: 'digital',
  event: 'opened',
  meaning: 'A customer and we began to write to each other.',
  subject: digitalId,
  data: z.object({
    ...digitalFacts,
    kind: digitalKind,
  }),
  examples: [
    {
      kind: 'chat',
      customer: { email: 'ann@example.com', name: 'Ann' },
      pointOfContact: 'shop-chat',
      queue: 'support',
    },
    { kind: 'sms', customer: { phone: '+14155550123' }, direction: 'inbound', pointOfContact: '+12025550100' },
  ],
});
