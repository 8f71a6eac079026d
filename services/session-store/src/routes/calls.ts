import { Failure, type Session, session } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { callCursorOf, callPositionOf } from '../domain/call-cursor.ts';
import { mayBeSeenBy } from '../domain/call-filter.ts';
import { callsCsv } from '../domain/call-row.ts';
import type { FindCalls } from '../usecases/find-calls.ts';
import type { LocateCall, LocatedCall } from '../usecases/locate-call.ts';
import { callId, callQuery, filterOf } from './call-query.ts';

const query = z.strictObject({
  ...callQuery,
  format: z.enum(['json', 'csv']).optional().meta({ description: 'Or by `Accept: text/csv`' }),
  cursor: z.string().max(512).optional().meta({ description: 'Of the page before' }),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const params = z.object({ callId });
const sessionOut = session.meta({ id: 'Session' });
const calls = z.object({
  calls: z.array(sessionOut),
  cursor: z.string().optional().meta({ description: 'Where the next page begins; absent on the last one' }),
});

export interface CallRoutes {
  readonly findCalls: FindCalls;
  readonly locate: LocateCall;
}

/** `GET /v1/calls` and `GET /v1/calls/{callId}`. */
export function registerCalls(app: HttpServer, { findCalls, locate }: CallRoutes): void {
  const onRequest = requireScope('sessions:read');
  const tags = ['calls'];
  const list = {
    tags,
    summary: 'Active calls, newest first; with `state=ended` those that ended just now',
    description: 'Filters may be repeated. CSV: the next page is named by the header `x-next-cursor`.',
    querystring: query,
    response: { 200: calls },
  };
  app.get('/v1/calls', { onRequest, schema: list }, async (request, reply) => {
    const { cursor, limit, format } = request.query;
    const identity = identityOf(request);
    const after = cursor === undefined ? undefined : callPositionOf(cursor);
    const page = await findCalls(identity.tenantId, filterOf(request.query, identity), { limit, after });
    const next = page.next === undefined ? undefined : callCursorOf(page.next);
    if (wantsCsv(format, request.headers.accept)) return sendCsv(reply, callsCsv(page.sessions), next) as never;
    return { calls: [...page.sessions], ...(next === undefined ? {} : { cursor: next }) };
  });
  app.get(
    '/v1/calls/:callId',
    {
      onRequest,
      schema: { tags, summary: 'One call as it is now', params, response: { 200: sessionOut, 304: z.null() } },
    },
    async (request, reply) => {
      const found = await seenCall(locate, identityOf(request), request.params.callId);
      const etag = `"${found.version}"`;
      void reply.header('etag', etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return found;
    },
  );
}

/** @throws Failure permanent `not_found`, also of a call that this one may not see */
export async function seenCall(locate: LocateCall, identity: Identity, id: string): Promise<Session> {
  const located = await locate(identity.tenantId, id);
  const found = located?.session;
  return found === undefined || !isSeen(identity, located) ? noSuchCall(id) : found;
}

const isSeen = ({ agentId }: Identity, located: LocatedCall | undefined): boolean =>
  located?.session !== undefined && mayBeSeenBy(located.session, agentId);

export function noSuchCall(id: string): never {
  const message = `there is no call "${id}": it never was, or it ended too long ago`;
  throw new Failure('permanent', 'not_found', message);
}

const wantsCsv = (format: 'json' | 'csv' | undefined, accept = ''): boolean =>
  format === undefined ? accept.includes('text/csv') : format === 'csv';

interface RawReply {
  type(contentType: string): { header(name: string, value: string): unknown; send(body: unknown): unknown };
}

export function sendCsv(reply: RawReply, csv: string, cursor?: string): unknown {
  const answer = reply.type('text/csv; charset=utf-8');
  answer.header('content-disposition', 'attachment; filename="calls.csv"');
  answer.header('vary', 'accept');
  if (cursor !== undefined) answer.header('x-next-cursor', cursor);
  return answer.send(csv);
}
