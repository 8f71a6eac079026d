import type { Bus } from '@patchcord/bus';
import { Failure, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { TenantNews } from '../adapters/tenant-news.ts';
import { timelineEntry } from '../domain/timeline.ts';
import { callTimeline, seenCallEvents } from '../usecases/call-timeline.ts';
import type { FollowNews } from './news-streams.ts';

const timeline = z.object({
  entries: z.array(timelineEntry),
  missing: z
    .array(z.enum(['dispositions', 'deliveries', 'memorializations', 'workflows']))
    .meta({ description: 'What the service that has it did not tell just now' }),
});

export interface TimelineRoutes {
  readonly bus: Bus;
  readonly news: TenantNews;
  readonly follow: FollowNews;
}

const onRequest = requireScope('sessions:read');
const tags = ['live calls'];
const params = z.object({ callId: token });

/** `GET /v1/calls/{callId}/timeline`: a call's whole story in the order in which it happened. */
export function registerTimeline(app: HttpServer, routes: TimelineRoutes): void {
  const { bus } = routes;
  const schema = {
    summary:
      'A whole call: its events, decisions, workflows, dispositions, what was memorialized and, for admins, what was sent to CRMs',
    description: 'Of the last seven days, for which the events of calls are kept.',
    tags,
    params,
    response: { 200: timeline },
  };
  app.get('/v1/calls/:callId/timeline', { onRequest, schema }, async (request) => {
    const { tenantId, scopes, agentId } = identityOf(request);
    const { callId } = request.params;
    const withDeliveries = scopes.includes('admin');
    const found = await callTimeline(bus, { tenantId, callId, withDeliveries, onlyOf: agentId });
    if (found === undefined) throw unknown(callId);
    return found;
  });
  registerFollowing(app, routes);
}

function registerFollowing(app: HttpServer, { bus, news, follow }: TimelineRoutes): void {
  const schema = {
    summary: "Tells by server-sent events that a call's story changed: `ready` first, then `changed`",
    tags,
    params,
  };
  const route = { onRequest, exposeHeadRoute: false, schema };
  app.get('/v1/calls/:callId/timeline/stream', route, async (request, reply) => {
    const { tenantId, agentId: onlyOf } = identityOf(request);
    const { callId } = request.params;
    if ((await seenCallEvents(bus, { tenantId, callId, onlyOf })) === undefined) throw unknown(callId);
    const subscribe = (listener: () => void) => news.ofCall(tenantId, callId, listener);
    return follow(request, reply, { scope: 'sessions:read', subscribe, togetherMs: 250 });
  });
}

const unknown = (callId: string): Failure =>
  new Failure('permanent', 'not_found', `no call ${callId} in the last seven days`);
