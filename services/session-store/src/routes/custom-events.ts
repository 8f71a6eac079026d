import { jsonBytes, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { LocateCall } from '../usecases/locate-call.ts';
import type { RaiseEvent } from '../usecases/raise-event.ts';
import { callId } from './call-query.ts';
import { seenCall } from './calls.ts';
import { writeHeaders } from './session-writes.ts';

/** Most that the values of one event may come to, as JSON (bytes). */
const maxBytes = 65_536;

const params = z.object({ callId });
const body = z
  .strictObject({
    name: token.meta({ description: '`order-shipped` sets off automations on `custom.order-shipped`' }),
    values: z
      .record(token, z.unknown())
      .refine((values) => jsonBytes(values) <= maxBytes, `expected at most ${maxBytes} bytes of JSON`)
      .default({})
      .meta({ description: '`{event.<name>}` in the texts of automations' }),
  })
  .meta({ id: 'CustomEvent', examples: [{ name: 'order-shipped', values: { track_id: 'T-4711' } }] });

export interface CustomEventRoutes {
  readonly locate: LocateCall;
  readonly raiseEvent: RaiseEvent;
}

/** `POST /v1/calls/{callId}/events`: other systems set off automations. */
export function registerCustomEvents(app: HttpServer, { locate, raiseEvent }: CustomEventRoutes): void {
  app.post(
    '/v1/calls/:callId/events',
    {
      onRequest: requireScope('sessions:write'),
      schema: {
        tags: ['session'],
        summary: "Tell an event of one's own about a call, which sets off automations",
        description: 'With `Idempotency-Key` the same event again is told once.',
        params,
        headers: writeHeaders.pick({ 'idempotency-key': true }),
        body,
        response: { 202: z.object({ eventId: z.string() }) },
      },
    },
    async (request, reply) => {
      const identity = identityOf(request);
      const session = await seenCall(locate, identity, request.params.callId);
      const { name, values } = request.body;
      const idempotencyKey = request.headers['idempotency-key'];
      const told = await raiseEvent({ session, name, values, by: identity.tokenId, idempotencyKey });
      return reply.code(202).send(told);
    },
  );
}
