import { createDeadLetters, type DeadLetters, type StoredDeadLetter } from '@patchcord/bus';
import { deadLetter, Failure, failureData, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { discardDeadLetter, type ReplayDeps, replayDeadLetter, replayMany } from '../usecases/replay-dead-letter.ts';
import { limitText } from './limit-text.ts';

const params = z.object({ id: z.string().min(1).max(256) });
const tags = ['dead letters'];
const onRequest = requireScope('admin');
/** Ids hold no colon; behind it stands what is to be done. */
const one = '/v1/dead-letters/:id(^[^:]+)';

const summary = deadLetter.omit({ payload: true });
const filter = z.strictObject({
  service: token.optional(),
  consumer: z.string().optional(),
  code: z.string().optional(),
  callId: token.optional(),
  limit: z.number().int().min(1).max(1000).default(100),
});
const manyResult = z.object({
  matched: z.number(),
  replayed: z.number(),
  failed: z.array(z.object({ id: z.string(), failure: failureData })),
});

/** Dead letters: listed, read, replayed (one or many), discarded with a note. */
export function registerDeadLetters(app: HttpServer, bus: ReplayDeps['bus']): void {
  const deadLetters = createDeadLetters(bus);
  const deps = { bus, deadLetters };
  const list = {
    summary: 'Open dead letters, newest first, without their payloads; `open` counts all',
    tags,
    querystring: z.object({ limit: limitText, service: token.optional() }),
    response: { 200: z.object({ open: z.number(), deadLetters: z.array(summary) }) },
  };
  app.get('/v1/dead-letters', { onRequest, schema: list }, async ({ tenantId, query: { limit, service } }) => {
    const stored = await deadLetters.list({ tenantId, limit, ...(service === undefined ? {} : { service }) });
    return { open: await deadLetters.depth(tenantId), deadLetters: stored.map(({ letter }) => letter) };
  });

  const read = { summary: 'One dead letter with its payload', tags, params, response: { 200: deadLetter } };
  app.get('/v1/dead-letters/:id', { onRequest, schema: read }, async ({ tenantId, params: { id } }) => {
    const { letter } = await find(deadLetters, tenantId, id);
    return letter;
  });

  const replay = { summary: 'Brings one back to life', tags, params };
  app.post(`${one}::replay`, { onRequest, schema: replay }, async ({ tenantId, params: { id } }) => {
    const { letter } = await find(deadLetters, tenantId, id);
    await replayDeadLetter(deps, letter);
    return { id, outcome: 'replayed' };
  });

  const body = z.strictObject({ note: z.string().trim().min(1, 'expected why it is discarded').max(1000) });
  const discard = { summary: 'Closes one for good, with a note', tags, params, body };
  app.post(`${one}::discard`, { onRequest, schema: discard }, async ({ tenantId, params: { id }, body: { note } }) => {
    const { letter } = await find(deadLetters, tenantId, id);
    await discardDeadLetter(deps, letter, note);
    return { id, outcome: 'discarded' };
  });

  const many = {
    summary: 'Replays all that fit the filter, oldest first',
    tags,
    body: filter,
    response: { 200: manyResult },
  };
  app.post('/v1/dead-letters::replay', { onRequest, schema: many }, async ({ tenantId, body }) =>
    replayMany(deps, { tenantId, ...body }),
  );
}

async function find(deadLetters: DeadLetters, tenantId: string, id: string): Promise<StoredDeadLetter> {
  const found = await deadLetters.get(tenantId, id);
  if (found !== undefined) return found;
  throw new Failure(
    'permanent',
    'not_found',
    `there is no open dead letter "${id}": it may be replayed or discarded already`,
  );
}
