import { defineEvent } from '../define-event.ts';
import { deliveryNews, deliveryNewsExample } from '../delivery-news.ts';

export const deliveryAttempted = defineEvent({
  entity: 'delivery',
  event: 'attempted',
  meaning: 'A request to a CRM was tried and will be tried again.',
  data: deliveryNews,
  examples: [deliveryNewsExample],
});
