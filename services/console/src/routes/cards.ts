import { randomUUID } from 'node:crypto';
import { type Bus, callRpc } from '@patchcord/bus';
import {
  type Card,
  type CardAction,
  type ChangeCardRequest,
  card,
  cardAction,
  cardChoices,
  cardDuplicate,
  cardOperations,
  Failure,
  linkedRecord,
  rpc,
  token,
} from '@patchcord/contracts';
import { demandAgent, type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addressOf, personOf } from '../domain/card-address.ts';
import { etagOf, preconditionOf } from '../domain/etag.ts';
import { registerCardNotes } from './card-notes.ts';

const reads = requireScope('contacts:read');
const changes = requireScope('dispositions:write');
const tags = ['customer card'];
const params = z.object({ cardId: token });
const timeoutMs = 5000;

const [searchAction, timelineAction, memorializeAction, createAction] = cardAction.options;
/** What people send of an action: its kind stands in the address. */
const actions = {
  search: searchAction.omit({ kind: true }).strict(),
  timeline: timelineAction.omit({ kind: true }).strict(),
  memorialize: memorializeAction.omit({ kind: true }).strict(),
  create: createAction.omit({ kind: true }).strict(),
} as const;

const operations = {
  pin: 'Moves a record to the current interaction, and links it',
  unpin: 'Moves it back to the related ones; what was linked by being pinned is unlinked',
  link: 'What happened is written into this record, too',
  unlink: 'It is not; a pinned record stays pinned',
} as const;

/** An agent's customer cards. Who acts for one agent sees those that he is on; others those of the tenant. */
export function registerCards(app: HttpServer, bus: Bus): void {
  registerReading(app, bus);
  registerChanges(app, bus);
  registerActions(app, bus);
  registerCardNotes(app, bus);
}

function registerReading(app: HttpServer, bus: Bus): void {
  const querystring = z.object({
    agentId: token.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  });
  const response = { 200: z.object({ cards: z.array(card) }) };
  const list = { summary: 'The cards of an agent, the last changed first', tags, querystring, response };
  app.get('/v1/agent/cards', { onRequest: reads, schema: list }, async (request) => {
    const identity = identityOf(request);
    const { limit, agentId = identity.agentId } = request.query;
    if (agentId !== undefined) demandAgent(identity, agentId);
    const { tenantId } = identity;
    const of = agentId === undefined ? {} : { agentId };
    return callRpc(bus, rpc.listCards, { tenantId, limit, ...of }, { timeoutMs });
  });

  const read = async (request: FastifyRequest<{ Params: { cardId: string } }>, reply: FastifyReply): Promise<Card> => {
    const address = addressOf(identityOf(request), request.params.cardId);
    return tagged(reply, (await callRpc(bus, rpc.readCard, address, { timeoutMs })).card);
  };
  const one = {
    summary: 'One card; its ETag is its version. Of one that became part of another, that one',
    tags,
    params,
    response: { 200: card },
  };
  app.get('/v1/agent/cards/:cardId', { onRequest: reads, schema: one }, read);
  const ofCall = { ...one, summary: 'The card of a call or a digital contact, by its id' };
  app.get('/v1/cards/:cardId', { onRequest: reads, schema: ofCall }, read);

  const alike = {
    summary: 'Other cards that may be of the same customer: they can be merged into this one',
    tags,
    params,
    response: { 200: z.object({ duplicates: z.array(cardDuplicate) }) },
  };
  const choices = {
    summary: 'What can be started from a card: searches, records that can be made, entries that can be written',
    tags,
    params,
    response: { 200: cardChoices.extend({ by: z.string().meta({ description: 'Whose note is his who asks' }) }) },
  };
  app.get('/v1/agent/cards/:cardId/choices', { onRequest: reads, schema: choices }, async (request) => {
    const identity = identityOf(request);
    const found = await callRpc(bus, rpc.cardChoices, addressOf(identity, request.params.cardId), { timeoutMs });
    return { ...found, by: personOf(identity) };
  });
  app.get('/v1/agent/cards/:cardId/duplicates', { onRequest: reads, schema: alike }, async (request) =>
    callRpc(bus, rpc.cardDuplicates, addressOf(identityOf(request), request.params.cardId), { timeoutMs }),
  );
}

const changedCard = { 200: z.object({ outcome: z.enum(['changed', 'unchanged']), card }) };

function registerChanges(app: HttpServer, bus: Bus): void {
  const change = async (request: FastifyRequest, reply: FastifyReply, what: ChangeCardRequest['change']) => {
    const identity = identityOf(request);
    const { cardId } = params.parse(request.params);
    const { ifAbsent, ifRevision } = preconditionOf(request.headers);
    if (ifAbsent === true) throw new Failure('permanent', 'invalid_request', 'If-None-Match: a card cannot be made');
    const ifVersion = ifRevision === undefined ? {} : { ifVersion: ifRevision };
    const asked = { ...addressOf(identity, cardId), by: personOf(identity), ...ifVersion, change: what };
    const answer = await callRpc(bus, rpc.changeCard, asked, { timeoutMs });
    tagged(reply, answer.card);
    return answer;
  };
  for (const what of cardOperations) {
    const schema = { summary: operations[what], tags, params, body: linkedRecord.strict(), response: changedCard };
    app.post(`/v1/agent/cards/:cardId/${what}`, { onRequest: changes, schema }, (request, reply) =>
      change(request, reply, { what, record: request.body }),
    );
  }
  const merge = {
    summary: 'Another card becomes part of this one: its records and activities move here',
    tags,
    params,
    body: z.strictObject({ from: token }),
    response: changedCard,
  };
  app.post('/v1/agent/cards/:cardId/merge', { onRequest: changes, schema: merge }, (request, reply) =>
    change(request, reply, { what: 'merge', from: request.body.from }),
  );
}

const headers = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, "_" and "-", at most 64')
    .optional()
    .meta({ description: 'The same again starts nothing' }),
});
const started = { 202: z.object({ runIds: z.array(z.string()) }) };

function registerActions(app: HttpServer, bus: Bus): void {
  const common = { tags, params, headers, response: started };
  const act = async (request: FastifyRequest, reply: FastifyReply, action: CardAction) => {
    const identity = identityOf(request);
    const { cardId } = params.parse(request.params);
    const { 'idempotency-key': requestId = randomUUID() } = headers.parse(request.headers);
    const kind = identity.agentId === undefined && identity.userId === undefined ? 'api' : 'agent';
    const by = { kind, id: personOf(identity) } as const;
    const asked = { ...addressOf(identity, cardId), by, requestId, action };
    return reply.status(202).send(await callRpc(bus, rpc.actOnCard, asked, { timeoutMs }));
  };
  const search = {
    ...common,
    summary:
      "Searches further: by a number, by the CRM's own query language, by a workflow, or once more as the card did",
    body: actions.search,
  };
  app.post('/v1/agent/cards/:cardId/actions/search', { onRequest: changes, schema: search }, (request, reply) =>
    act(request, reply, { kind: 'search', ...request.body }),
  );
  const timeline = {
    ...common,
    summary: "Writes an entry into the CRM's timeline by the campaign's workflow for that",
    body: actions.timeline,
  };
  app.post('/v1/agent/cards/:cardId/actions/timeline', { onRequest: changes, schema: timeline }, (request, reply) =>
    act(request, reply, { kind: 'timeline', ...request.body }),
  );
  const memorialize = {
    ...common,
    summary: "Keeps what the agent says of the conversation, by the campaign's workflow for that",
    body: actions.memorialize,
  };
  app.post(
    '/v1/agent/cards/:cardId/actions/memorialize',
    { onRequest: changes, schema: memorialize },
    (request, reply) => act(request, reply, { kind: 'memorialize', ...request.body }),
  );
  const create = { ...common, summary: 'Makes a record by a workflow', body: actions.create };
  app.post('/v1/agent/cards/:cardId/actions/create', { onRequest: changes, schema: create }, (request, reply) =>
    act(request, reply, { kind: 'create', ...request.body }),
  );
}

function tagged(reply: FastifyReply, shown: Card): Card {
  reply.header('etag', etagOf(shown.version));
  return shown;
}
