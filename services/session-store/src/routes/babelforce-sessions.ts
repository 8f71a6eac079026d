import { Failure, type Session, type SessionChanges } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { mayBeSeenBy } from '../domain/call-filter.ts';
import type { StandaloneSession, StandaloneSessions } from '../domain/ports.ts';
import { sessionEtag } from '../domain/session-etag.ts';
import type { StandaloneWrites } from '../usecases/standalone-session.ts';
import { callId } from './call-query.ts';
import { noSuchCall } from './calls.ts';
import { isLenient, type WriteHeaders, type WriteRoutes, writeHeaders, writeInto, writerOf } from './session-writes.ts';

const params = z.object({
  callId: callId.meta({ description: 'Of a call, ours or its PBX’s, or of a session without a call' }),
});
const variables = z.record(z.string(), z.unknown());
const flat = variables.meta({
  id: 'BabelforceSessionData',
  description: 'JSON values by name; null deletes. A name without an area is one of `ivr.`',
  examples: [{ 'ivr.email': 'jane@example.com', 'ivr.premium': true, 'ivr.track_id': 'T-4711' }],
});
const set = z
  .object({ variables })
  .meta({ id: 'BabelforceSessionSet', examples: [{ variables: { 'app.priority': 'high' } }] });
const item = z.object({
  id: z.string(),
  valid: z.boolean(),
  created: z.number().nullable().meta({ description: 'Unix seconds' }),
  last_access: z.number().meta({ description: 'Unix seconds' }),
  data: z.record(z.string(), z.unknown()),
});
const answer = z.object({ item, success: z.literal(true) }).meta({ id: 'BabelforceSession' });
const setAnswer = z.object({ item: z.object({ id: z.string() }), success: z.literal(true) });

export interface BabelforceSessionRoutes extends WriteRoutes {
  readonly standalone: StandaloneSessions;
  readonly writes: StandaloneWrites;
  readonly now: () => number;
}

const tags = ['babelforce'];
const canRead = requireScope('sessions:read');
const canWrite = requireScope('sessions:write');

/** `POST /api/v2/sessions`, `GET` and `PUT /api/v2/sessions/{id}`, `PUT /api/v2/calls/{id}/session/set`. */
export function registerBabelforceSessions(app: HttpServer, routes: BabelforceSessionRoutes): void {
  const { standalone, writes, locate, now } = routes;
  const create = { tags, summary: 'A session without a call', body: flat.nullish(), response: { 201: answer } };
  app.post('/api/v2/sessions', { onRequest: canWrite, schema: create }, async (request, reply) => {
    const identity = identityOf(request);
    refuseAgent(identity);
    const write = { changes: withArea(request.body ?? {}), by: writerOf(identity), lenient: false };
    const made = await writes.create(identity.tenantId, write);
    return reply.code(201).send(standaloneAnswer(made, now()));
  });
  const read = { tags, summary: 'The session of a call, or one without a call', params, response: { 200: answer } };
  app.get('/api/v2/sessions/:callId', { onRequest: canRead, schema: read }, async (request, reply) => {
    const { callId: id } = request.params;
    const identity = identityOf(request);
    const session = (await locate(identity.tenantId, id))?.session;
    if (session !== undefined && mayBeSeenBy(session, identity.agentId)) {
      void reply.header('etag', sessionEtag(session));
      return callAnswer(session, now());
    }
    const found = await standaloneOf(standalone, identity, id);
    if (found === undefined) return noSuchCall(id);
    void reply.header('etag', sessionEtag(found));
    return standaloneAnswer(found, now());
  });
  registerWrites(app, routes);
}

function registerWrites(app: HttpServer, routes: BabelforceSessionRoutes): void {
  const { writes, now } = routes;
  const put = {
    tags,
    summary: 'Write into a session: merged with what is there',
    description: '202: the call had ended, its record carries it.',
    params,
    headers: writeHeaders,
    body: flat,
    response: { 200: answer, 202: answer },
  };
  app.put('/api/v2/sessions/:callId', { onRequest: canWrite, schema: put }, async (request, reply) => {
    const { params: of, headers, body } = request;
    const identity = identityOf(request);
    const changes = withArea(body);
    if (isLenient(headers)) void reply.header('preference-applied', 'handling=lenient');
    const alone = await writeAlone(writes, identity, { id: of.callId, changes, headers });
    if (alone !== undefined) return reply.header('etag', sessionEtag(alone)).send(standaloneAnswer(alone, now()));
    const done = await writeInto(routes, identity, { id: of.callId, changes, headers });
    if (done === undefined) return noSuchCall(of.callId);
    void reply.header('etag', sessionEtag(done.session));
    return reply.code(done.late ? 202 : 200).send(callAnswer(done.session, now()));
  });
  const setVariables = {
    tags,
    summary: 'Write variables of the call flow: names that do not begin with `app.` are left out',
    params,
    headers: writeHeaders,
    body: set,
    response: { 200: setAnswer, 202: setAnswer },
  };
  app.put(
    '/api/v2/calls/:callId/session/set',
    { onRequest: canWrite, schema: setVariables },
    async (request, reply) => {
      const { params: of, headers, body } = request;
      const writing = { id: of.callId, changes: body.variables, headers, areas: ['app.'] as const, lenient: true };
      const done = await writeInto(routes, identityOf(request), writing);
      if (done === undefined) return noSuchCall(of.callId);
      void reply.header('etag', sessionEtag(done.session));
      return reply.code(done.late ? 202 : 200).send({ item: { id: done.session.callId }, success: true as const });
    },
  );
}

/** Their examples write names without an area; what CRMs write is `ivr.` here. */
const withArea = (given: SessionChanges): SessionChanges =>
  Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      /^[^.]+$/.test(key) && key !== '__proto__' ? `ivr.${key}` : key,
      value,
    ]),
  );

/** Sessions that belong to no call belong to no agent. */
function refuseAgent({ agentId }: Identity): void {
  if (agentId === undefined) return;
  throw new Failure(
    'permanent',
    'forbidden',
    `the token acts for agent "${agentId}" only: it reaches that one's calls`,
  );
}

const standaloneId = /^s-[0-9a-f-]{36}$/;

const standaloneOf = async (
  sessions: StandaloneSessions,
  { tenantId, agentId }: Identity,
  id: string,
): Promise<StandaloneSession | undefined> =>
  agentId === undefined && standaloneId.test(id) ? sessions.read(tenantId, id) : undefined;

interface AloneWriting {
  readonly id: string;
  readonly changes: SessionChanges;
  readonly headers: WriteHeaders;
}

async function writeAlone(
  writes: StandaloneWrites,
  identity: Identity,
  { id, changes, headers }: AloneWriting,
): Promise<StandaloneSession | undefined> {
  if (identity.agentId !== undefined || !standaloneId.test(id)) return undefined;
  const write = { changes, by: writerOf(identity), lenient: isLenient(headers), ifMatch: headers['if-match'] };
  return writes.write(identity.tenantId, id, write);
}

type Answer = z.output<typeof answer>;

const callAnswer = ({ callId: id, offeredAt, state, data = {} }: Session, nowMs: number): Answer => {
  const created = offeredAt === undefined ? null : Math.floor(Date.parse(offeredAt) / 1000);
  return {
    item: { id, valid: state !== 'ended', created, last_access: Math.floor(nowMs / 1000), data },
    success: true,
  };
};

const standaloneAnswer = ({ id, createdAt, data }: StandaloneSession, nowMs: number): Answer => ({
  item: {
    id,
    valid: true,
    created: Math.floor(createdAt / 1000),
    last_access: Math.floor(nowMs / 1000),
    data: { ...data },
  },
  success: true,
});
