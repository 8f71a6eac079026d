import { accessOf, createPlaces, type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { agentView } from '../adapters/agent-view.ts';
import { createLiveStream } from '../adapters/live-stream.ts';
import type { LiveView } from '../adapters/live-view.ts';
import { liveCall } from '../domain/live-call.ts';

export interface LiveOptions {
  readonly view: LiveView;
  readonly heartbeatMs?: number;
  readonly maxWaiting?: number;
  readonly maxStreams?: number;
  /** Streams of one token or person. */
  readonly maxStreamsOfToken?: number;
}

const onRequest = requireScope('sessions:read');
const tags = ['live calls'];

/** The calls that are under way, read once or followed by server-sent events. */
export function registerLive(app: HttpServer, options: LiveOptions): void {
  const { view, heartbeatMs = 15_000, maxWaiting = 1024 * 1024, maxStreams = 500 } = options;
  const places = createPlaces({ maxStreams, maxStreamsOfAgent: options.maxStreamsOfToken ?? 50 });
  const read = {
    summary: 'Calls under way, and those that just ended',
    tags,
    response: { 200: z.object({ calls: z.array(liveCall) }) },
  };
  app.get('/v1/live', { onRequest, schema: read }, async (request) => ({
    calls: seenBy(view, identityOf(request)).calls(request.tenantId),
  }));

  const follow = { summary: 'The same as server-sent events: `state` first, then `call` and `gone`', tags };
  app.get('/v1/live/stream', { onRequest, exposeHeadRoute: false, schema: follow }, async (request, reply) => {
    const identity = identityOf(request);
    const access = accessOf(request, (now) => mayStill(identity, now));
    const { tenantId, tokenId } = identity;
    const open = async () =>
      createLiveStream({ view: seenBy(view, identity), tenantId, ...access, heartbeatMs, maxWaiting });
    const stream = await places.take(`${tenantId} ${tokenId}`, open);
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
  app.addHook('preClose', async () => places.end());
}

/** Who acts for one agent sees that one's calls. */
const seenBy = (view: LiveView, { agentId }: Identity): Pick<LiveView, 'calls' | 'subscribe'> =>
  agentId === undefined ? view : agentView(view, agentId);

function mayStill({ tenantId, agentId }: Identity, now: Identity | undefined): boolean {
  if (now === undefined || now.tenantId !== tenantId || now.agentId !== agentId) return false;
  return now.scopes.includes('sessions:read') || now.scopes.includes('admin');
}
