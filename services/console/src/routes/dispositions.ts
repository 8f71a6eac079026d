import { type Bus, callRpc } from '@patchcord/bus';
import { dispositionReply, dispositionRequest, rpc, token } from '@patchcord/contracts';
import { demandAgent, type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

const timeoutMs = 5000;

/** What an agent says of an interaction when it is over. */
export function registerDispositions(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: 'Records or changes the disposition of an interaction',
    tags: ['dispositions'],
    params: z.object({ interactionId: token }),
    body: dispositionRequest.pick({ agentId: true, disposition: true }),
    response: { 200: dispositionReply },
  };
  const options = { onRequest: requireScope('dispositions:write'), schema };
  app.post('/v1/interactions/:interactionId/disposition', options, async (request) => {
    const { tenantId, params, body } = request;
    demandAgent(identityOf(request), body.agentId);
    return callRpc(bus, rpc.recordDisposition, { ...body, ...params, tenantId }, { timeoutMs });
  });
}
