import { type Session, session } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { sessionEtag } from '../domain/session-etag.ts';
import { callId } from './call-query.ts';
import { noSuchCall, seenCall } from './calls.ts';
import { isLenient, type WriteRoutes, writeHeaders, writeInto } from './session-writes.ts';

const params = z.object({
  callId: callId.meta({ description: "Our id or the PBX's own", examples: ['c-lab-1795218080_2E1608'] }),
});
const data = z.record(z.string(), z.unknown()).meta({ description: 'What was written from outside, by full name' });
const view = z
  .object({
    callId: z.string(),
    /** Either id addresses it. */
    sessionId: z.string(),
    state: session.shape.state,
    version: z.number(),
    data,
    variables: session.shape.variables.meta({ description: 'What the dialplan told' }),
  })
  .meta({ id: 'CallSession' });
const written = view.extend({
  outcome: z.enum(['written', 'unchanged']),
  late: z.literal(true).optional().meta({ description: 'The call had ended: it is kept for its record' }),
  ignored: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
const body = z.record(z.string(), z.unknown()).meta({
  id: 'SessionChanges',
  description: 'JSON values by full name; null deletes. What is not named stays as it is.',
  examples: [{ 'ivr.email': 'jane@example.com', 'ivr.premium': true, 'ivr.track_id': 'T-4711', 'ivr.old': null }],
});

/** `GET /v1/calls/{callId}/session` and `PATCH /v1/calls/{callId}/variables`. */
export function registerSession(app: HttpServer, routes: WriteRoutes): void {
  const tags = ['session'];
  app.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  app.get(
    '/v1/calls/:callId/session',
    {
      onRequest: requireScope('sessions:read'),
      schema: { tags, summary: 'The session of a call: what was written into it', params, response: { 200: view } },
    },
    async (request, reply) => {
      const found = await seenCall(routes.locate, identityOf(request), request.params.callId);
      void reply.header('etag', sessionEtag(found)).header('cache-control', 'no-cache');
      return viewOf(found);
    },
  );
  app.patch(
    '/v1/calls/:callId/variables',
    {
      onRequest: requireScope('sessions:write'),
      schema: {
        tags,
        summary: 'Write into the session of a call',
        description:
          '`ivr.*` is free; `app.*` belongs to the call flow. 202: the call had ended, its record carries it.',
        params,
        headers: writeHeaders,
        body,
        response: { 200: written, 202: written },
      },
    },
    async (request, reply) => {
      const { params: of, headers, body: changes } = request;
      const done = await writeInto(routes, identityOf(request), { id: of.callId, changes, headers });
      if (done === undefined) return noSuchCall(of.callId);
      const { outcome, late, ignored, session: now } = done;
      void reply.header('etag', sessionEtag(now));
      if (isLenient(headers)) void reply.header('preference-applied', 'handling=lenient');
      const more = { ...(late ? { late } : {}), ...(ignored.length === 0 ? {} : { ignored: [...ignored] }) };
      return reply.code(late ? 202 : 200).send({ ...viewOf(now), outcome, ...more });
    },
  );
}

const viewOf = ({ callId: id, state, version, data: written = {}, variables }: Session): z.output<typeof view> => ({
  callId: id,
  sessionId: id,
  state,
  version,
  data: written,
  variables,
});
