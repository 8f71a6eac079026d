import { type Bus, callRpc } from '@patchcord/bus';
import { deliveriesReply, deliveriesRequest, rpc } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import type { TenantNews } from '../adapters/tenant-news.ts';
import { limitText } from './limit-text.ts';
import type { FollowNews } from './news-streams.ts';

export interface DeliveryRoutes {
  readonly bus: Bus;
  readonly news: TenantNews;
  readonly follow: FollowNews;
}

const querystring = deliveriesRequest.omit({ tenantId: true }).extend({ limit: limitText });
const timeoutMs = 5000;
const tags = ['deliveries'];
const onRequest = requireScope('admin');

/** The delivery log: what was sent to CRMs, attempt by attempt. */
export function registerDeliveries(app: HttpServer, { bus, news, follow }: DeliveryRoutes): void {
  const schema = {
    summary: 'The delivery log, newest first; `next` leads on to what is older',
    tags,
    querystring,
    response: { 200: deliveriesReply },
  };
  app.get('/v1/deliveries', { onRequest, schema }, async ({ tenantId, query }) =>
    callRpc(bus, rpc.listDeliveries, { ...query, tenantId }, { timeoutMs }),
  );

  const changes = { summary: 'Tells by server-sent events that the log changed: `ready` first, then `changed`', tags };
  const route = { onRequest, exposeHeadRoute: false, schema: changes };
  app.get('/v1/deliveries/stream', route, async (request, reply) => {
    const subscribe = (listener: () => void) => news.ofDeliveries(request.tenantId, listener);
    return follow(request, reply, { scope: 'admin', subscribe, togetherMs: 1000 });
  });
}
