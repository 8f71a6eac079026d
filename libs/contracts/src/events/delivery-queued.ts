import { defineEvent } from '../define-event.ts';
import { deliveryNews, deliveryNewsExample } from '../delivery-news.ts';

export const deliveryQueued = defineEvent({
  entity: 'delivery',
  event: 'queued',
  meaning: 'A request to a CRM is planned and durably enqueued.',
  data: deliveryNews,
  examples: [deliveryNewsExample],
});
