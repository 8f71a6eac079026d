import type { Bus } from '@patchcord/bus';
import { Failure, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { timelineEntry } from '../domain/timeline.ts';
import { callTimeline } from '../usecases/call-timeline.ts';

const timeline = z.object({
  entries: z.array(timelineEntry),
  missing: z
    .array(z.enum(['dispositions', 'deliveries']))
    .meta({ description: 'What the service that has it did not tell just now' }),
});

const onRequest = requireScope('sessions:read');

/** `GET /v1/calls/{callId}/timeline`: a call's whole story in the order in which it happened. */
export function registerTimeline(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: 'A whole call: its events, decisions, dispositions and, for admins, what was sent to CRMs',
    description: 'Of the last seven days, for which the events of calls are kept.',
    tags: ['live calls'],
    params: z.object({ callId: token }),
    response: { 200: timeline },
  };
  app.get('/v1/calls/:callId/timeline', { onRequest, schema }, async (request) => {
    const { tenantId, scopes, agentId } = identityOf(request);
    const { callId } = request.params;
    const withDeliveries = scopes.includes('admin');
    const found = await callTimeline(bus, { tenantId, callId, withDeliveries, onlyOf: agentId });
    if (found === undefined) throw new Failure('permanent', 'not_found', `no call ${callId} in the last seven days`);
    return found;
  });
}
