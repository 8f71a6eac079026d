import { type Bus, callRpc } from '@patchcord/bus';
import { rpc, screenPop, token } from '@patchcord/contracts';
import {
  accessOf,
  createPlaces,
  type HttpServer,
  type Identity,
  type PlacesOptions,
  requireAgent,
  requireScope,
} from '@patchcord/runtime';
import { z } from 'zod';
import { createAgentNews } from '../adapters/agent-news.ts';
import type { DeskView } from '../adapters/desk-view.ts';
import { createPopStream } from '../adapters/pop-stream.ts';
import { readAgent } from '../usecases/read-desk.ts';

export interface ScreenPopOptions extends PlacesOptions {
  readonly heartbeatMs?: number;
  /** Bytes that may wait for a browser. */
  readonly maxWaiting?: number;
}

export interface ScreenPopDeps {
  readonly bus: Bus;
  readonly view: DeskView;
}

const params = z.object({ agentId: token });
const tags = ['screen pops'];
const onRequest = requireScope('sessions:read');
const preHandler = requireAgent(({ params }) => (params as { agentId: string }).agentId);
const timeoutMs = 5000;

/** What an agent's browser shows or calls: read once, or followed by server-sent events. */
export function registerScreenPops(
  app: HttpServer,
  { bus, view }: ScreenPopDeps,
  options: ScreenPopOptions = {},
): void {
  const { heartbeatMs = 15_000, maxWaiting = 1024 * 1024 } = options;
  const news = createAgentNews(bus);
  const places = createPlaces(options);
  const readPops = async (tenantId: string, agentId: string) =>
    (await callRpc(bus, rpc.screenPops, { tenantId, agentId }, { timeoutMs })).pops;

  const list = {
    summary: 'The open screen pops of an agent',
    tags,
    params,
    response: { 200: z.object({ pops: z.array(screenPop) }) },
  };
  app.get('/v1/agents/:agentId/screen-pops', { onRequest, preHandler, schema: list }, async ({ tenantId, params }) => ({
    pops: await readPops(tenantId, params.agentId),
  }));

  const follow = {
    summary:
      'What happens to an agent as server-sent events: `state` with his state, calls and open screen pops first, then `agent`, `call`, `call-gone`, `screen-pop` with each that is offered or withdrawn, and `card` with each customer card that changed',
    tags,
    params,
  };
  const route = { onRequest, preHandler, exposeHeadRoute: false, schema: follow };
  app.get('/v1/agents/:agentId/events', route, async (request, reply) => {
    const { tenantId } = request;
    const { agentId } = request.params;
    const access = accessOf(request, (now) => stillMay(now, tenantId, agentId));
    const readOne = () => readAgent({ bus, view }, tenantId, agentId);
    const open = () =>
      createPopStream({
        bus,
        news,
        read: async () => {
          const [pops, agent] = await Promise.all([readPops(tenantId, agentId), readOne()]);
          return { pops, agent };
        },
        readAgent: readOne,
        calls: () => view.calls(tenantId, agentId),
        onDesk: (listener) => view.subscribe(tenantId, agentId, listener),
        tenantId,
        agentId,
        ...access,
        heartbeatMs,
        maxWaiting,
      });
    const stream = await places.take(`${tenantId} ${agentId}`, open);
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  });
  app.addHook('preClose', async () => places.end());
}

function stillMay(identity: Identity | undefined, tenantId: string, agentId: string): boolean {
  if (identity === undefined || identity.tenantId !== tenantId) return false;
  const { scopes } = identity;
  const bound = identity.agentId === undefined || identity.agentId === agentId;
  return bound && (scopes.includes('sessions:read') || scopes.includes('admin'));
}
