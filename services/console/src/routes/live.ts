import type { Readable } from 'node:stream';
import type { ConfigStore } from '@patchcord/bus';
import { Failure } from '@patchcord/contracts';
import { type HttpServer, type Identity, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { createLiveStream } from '../adapters/live-stream.ts';
import type { LiveView } from '../adapters/live-view.ts';
import { liveCall } from '../domain/live-call.ts';

export interface LiveOptions {
  readonly config: ConfigStore;
  readonly view: LiveView;
  readonly heartbeatMs?: number;
  readonly maxWaiting?: number;
  readonly maxStreams?: number;
}

const onRequest = requireScope('sessions:read');
const tags = ['live calls'];

/** The calls that are under way, read once or followed by server-sent events. */
export function registerLive(app: HttpServer, options: LiveOptions): void {
  const { config, view, heartbeatMs = 15_000, maxWaiting = 1024 * 1024, maxStreams = 500 } = options;
  const open = new Set<Readable>();
  const read = {
    summary: 'Calls under way, and those that just ended',
    tags,
    response: { 200: z.object({ calls: z.array(liveCall) }) },
  };
  app.get('/v1/live', { onRequest, schema: read }, async ({ tenantId }) => ({ calls: view.calls(tenantId) }));

  const follow = { summary: 'The same as server-sent events: `state` first, then `call` and `gone`', tags };
  app.get('/v1/live/stream', { onRequest, exposeHeadRoute: false, schema: follow }, async (request, reply) => {
    if (open.size >= maxStreams) throw new Failure('throttled', 'too_many_streams', 'too many streams are open here');
    const identity = identityOf(request);
    const allowed = (): boolean => stillMay(config, identity);
    const stream = createLiveStream({ view, tenantId: identity.tenantId, allowed, heartbeatMs, maxWaiting });
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
  app.addHook('preClose', async () => {
    for (const stream of open) stream.push(null);
  });
}

function stillMay(config: ConfigStore, { tenantId, tokenId }: Identity): boolean {
  const scopes = config.tenant(tenantId)['api-token'].get(tokenId)?.scopes ?? [];
  return scopes.includes('sessions:read') || scopes.includes('admin');
}
