import { createDeadLetters, type DeadLetters, type StoredDeadLetter } from '@patchcord/bus';
import { deadLetter, Failure, failureData, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { pageOf } from '../usecases/dead-letter-filter.ts';
import { discardDeadLetter, type ReplayDeps, replayDeadLetter, withMany } from '../usecases/replay-dead-letter.ts';
import { limitText } from './limit-text.ts';

const letterId = z.string().min(1).max(256);
const params = z.object({ id: letterId });
const tags = ['dead letters'];
const onRequest = requireScope('admin');
/** Ids hold no colon; behind it stands what is to be done. */
const one = '/v1/dead-letters/:id(^[^:]+)';

const summary = deadLetter.omit({ payload: true });
const filter = {
  service: token.optional(),
  consumer: z.string().max(256).optional().meta({ description: 'Destination, queue or durable consumer' }),
  code: z.string().max(128).optional().meta({ description: 'Of the failure, e.g. `http_503`' }),
  callId: token.optional(),
  text: z.string().min(1).max(200).optional(),
};
const ids = z.array(letterId).min(1).max(1000).meta({ description: 'Only these' });
const many = z.strictObject({
  ...filter,
  ids: ids.optional(),
  limit: z.number().int().min(1).max(1000).default(100),
});
const failed = z.array(z.object({ id: z.string(), failure: failureData }));
const closed = z.array(z.string()).meta({ description: 'Of `ids`: those that are not open, or not any more' });
const note = z.string().trim().min(1, 'expected why it is discarded').max(1000);

/** Dead letters: listed, read, replayed or discarded with a note, one or many. */
export function registerDeadLetters(app: HttpServer, bus: ReplayDeps['bus']): void {
  const deps = { bus, deadLetters: createDeadLetters(bus) };
  registerReading(app, deps);
  registerOne(app, deps);
  registerMany(app, deps);
}

const page = z.object({
  open: z.number(),
  matched: z.number(),
  deadLetters: z.array(summary),
  next: z.string().optional(),
});

function registerReading(app: HttpServer, { deadLetters }: ReplayDeps): void {
  const after = z.string().regex(/^\d{1,16}$/, 'expected what the page before gave as `next`');
  const list = {
    summary: 'Open dead letters, newest first, without their payloads; `open` counts all, `matched` those that fit',
    tags,
    querystring: z.object({ ...filter, limit: limitText, after: after.transform(Number).optional() }),
    response: { 200: page },
  };
  app.get('/v1/dead-letters', { onRequest, schema: list }, async ({ tenantId, query }) => {
    const { service } = query;
    const stored = await deadLetters.list({ tenantId, limit: 10_000, ...(service === undefined ? {} : { service }) });
    const { letters, ...found } = pageOf(stored, query);
    return { open: await deadLetters.depth(tenantId), ...found, deadLetters: letters };
  });

  const read = { summary: 'One dead letter with its payload', tags, params, response: { 200: deadLetter } };
  app.get('/v1/dead-letters/:id', { onRequest, schema: read }, async ({ tenantId, params: { id } }) => {
    const { letter } = await find(deadLetters, tenantId, id);
    return letter;
  });
}

function registerOne(app: HttpServer, deps: ReplayDeps): void {
  const { deadLetters } = deps;
  const replay = { summary: 'Brings one back to life', tags, params };
  app.post(`${one}::replay`, { onRequest, schema: replay }, async ({ tenantId, params: { id } }) => {
    await replayDeadLetter(deps, await find(deadLetters, tenantId, id));
    return { id, outcome: 'replayed' };
  });

  const discard = { summary: 'Closes one for good, with a note', tags, params, body: z.strictObject({ note }) };
  app.post(`${one}::discard`, { onRequest, schema: discard }, async ({ tenantId, params: { id }, body }) => {
    await discardDeadLetter(deps, await find(deadLetters, tenantId, id), body.note);
    return { id, outcome: 'discarded' };
  });
}

function registerMany(app: HttpServer, deps: ReplayDeps): void {
  const { deadLetters } = deps;
  const replay = {
    summary: 'Replays all that fit the filter, oldest first',
    tags,
    body: many,
    response: { 200: z.object({ matched: z.number(), replayed: z.number(), failed, closed }) },
  };
  app.post('/v1/dead-letters::replay', { onRequest, schema: replay }, async ({ tenantId, body }) => {
    const act = (stored: StoredDeadLetter): Promise<void> => replayDeadLetter(deps, stored);
    const { done: replayed, ...rest } = await withMany(deadLetters, { tenantId, ...body }, act);
    return { ...rest, replayed };
  });

  const discard = {
    summary: 'Closes those that are named for good, with a note',
    tags,
    body: many.extend({ ids, note }),
    response: { 200: z.object({ matched: z.number(), discarded: z.number(), failed, closed }) },
  };
  app.post('/v1/dead-letters::discard', { onRequest, schema: discard }, async ({ tenantId, body }) => {
    const { note: why, ...chosen } = body;
    const act = (stored: StoredDeadLetter): Promise<void> => discardDeadLetter(deps, stored, why);
    const { done: discarded, ...rest } = await withMany(deadLetters, { tenantId, ...chosen }, act);
    return { ...rest, discarded };
  });
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
