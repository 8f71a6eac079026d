import { Failure, session, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { CallStore } from '../domain/ports.ts';
import type { FindCalls } from '../usecases/find-calls.ts';

const query = z.strictObject({
  state: session.shape.state.exclude(['ended']).optional(),
  queue: z.string().min(1).max(256).optional(),
  agent: token.optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
});
const params = z.object({ callId: token });
const sessionOut = session.meta({ id: 'Session' });
const calls = z.object({ calls: z.array(sessionOut) });

export interface CallRoutes {
  readonly findCalls: FindCalls;
  readonly store: Pick<CallStore, 'session'>;
}

/** `GET /v1/calls` and `GET /v1/calls/{callId}`. */
export function registerCalls(app: HttpServer, { findCalls, store }: CallRoutes): void {
  const onRequest = requireScope('sessions:read');
  const tags = ['calls'];
  app.get(
    '/v1/calls',
    {
      onRequest,
      schema: { tags, summary: 'Calls under way, newest first', querystring: query, response: { 200: calls } },
    },
    async (request) => ({ calls: await findCalls(request.tenantId, request.query) }),
  );
  app.get(
    '/v1/calls/:callId',
    {
      onRequest,
      schema: { tags, summary: 'One call as it is now', params, response: { 200: sessionOut, 304: z.null() } },
    },
    async (request, reply) => {
      const { callId } = request.params;
      const found = await store.session({ tenantId: request.tenantId, callId });
      if (found === undefined) {
        throw new Failure(
          'permanent',
          'not_found',
          `there is no call "${callId}": it never was, or it ended too long ago`,
        );
      }
      const etag = `"${found.version}"`;
      void reply.header('etag', etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return found;
    },
  );
}
