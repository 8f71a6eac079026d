import { defineEvent } from '../define-event.ts';
import { deliveryNews, deliveryNewsExample } from '../delivery-news.ts';

export const deliverySucceeded = defineEvent({
  entity: 'delivery',
  event: 'succeeded',
  meaning: 'The CRM took the request.',
  data: deliveryNews,
  examples: [deliveryNewsExample],
});
