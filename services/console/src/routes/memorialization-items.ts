import { dataItems, openItems } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

const item = z.object({
  name: z.string().meta({ description: '`*` stands for the rest of a name that others choose, e.g. `ivr.order`' }),
  meaning: z.string(),
  type: z.enum(['text', 'number', 'datetime', 'url', 'list', 'any']),
  channel: z.enum(['voice', 'digital', 'both']).meta({ description: 'Of which conversations it has a value' }),
  example: z.union([z.string(), z.number(), z.array(z.string()).readonly()]),
});

/** `GET /v1/memorialization/items`: what rows of a memorialization can name. */
export function registerMemorializationItems(app: HttpServer): void {
  const schema = {
    summary: 'Every data item that a memorialization can write into a CRM',
    tags: ['configuration'],
    response: { 200: z.object({ items: z.array(item) }) },
  };
  app.get('/v1/memorialization/items', { onRequest: requireScope('admin'), schema }, async () => ({
    items: [...dataItems, ...openItems],
  }));
}
