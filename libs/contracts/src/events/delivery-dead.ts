import { defineEvent } from '../define-event.ts';
import { deliveryNews, deliveryNewsExample } from '../delivery-news.ts';

export const deliveryDead = defineEvent({
  entity: 'delivery',
  event: 'dead',
  meaning: 'The attempts are used up; the work waits for a person.',
  data: deliveryNews,
  examples: [deliveryNewsExample],
});
