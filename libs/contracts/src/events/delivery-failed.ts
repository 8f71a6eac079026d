import { defineEvent } from '../define-event.ts';
import { deliveryNews, deliveryNewsExample } from '../delivery-news.ts';

export const deliveryFailed = defineEvent({
  entity: 'delivery',
  event: 'failed',
  meaning: 'The CRM refused the request for good.',
  data: deliveryNews,
  examples: [deliveryNewsExample],
});
