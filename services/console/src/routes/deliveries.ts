import { type Bus, callRpc } from '@patchcord/bus';
import { deliveriesRequest, delivery, rpc } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { limitText } from './limit-text.ts';

const querystring = deliveriesRequest.omit({ tenantId: true }).extend({ limit: limitText });
const timeoutMs = 5000;

/** The delivery log: what was sent to CRMs, attempt by attempt. */
export function registerDeliveries(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: 'The delivery log, newest first',
    tags: ['deliveries'],
    querystring,
    response: { 200: z.object({ deliveries: z.array(delivery) }) },
  };
  app.get('/v1/deliveries', { onRequest: requireScope('admin'), schema }, async ({ tenantId, query }) =>
    callRpc(bus, rpc.listDeliveries, { ...query, tenantId }, { timeoutMs }),
  );
}
