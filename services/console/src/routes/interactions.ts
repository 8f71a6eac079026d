import { type Bus, callRpc } from '@patchcord/bus';
import { afterCallInteraction, rpc, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

const timeoutMs = 5000;

/** `GET /v1/calls/{callId}/interactions`: who had part in it, and what is said of it. */
export function registerInteractions(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: "The agents' parts of a call or a digital contact, with after-call work and disposition",
    description: 'Of what was answered. Who acts for one agent sees his own. None of a call that is not known.',
    tags: ['dispositions'],
    params: z.object({ callId: token }),
    response: { 200: z.object({ interactions: z.array(afterCallInteraction) }) },
  };
  const onRequest = requireScope('dispositions:read');
  app.get('/v1/calls/:callId/interactions', { onRequest, schema }, async (request) => {
    const { tenantId, agentId } = identityOf(request);
    const { callId } = request.params;
    const asked = { tenantId, callId, ...(agentId === undefined ? {} : { onlyOf: agentId }) };
    return callRpc(bus, rpc.callInteractions, asked, { timeoutMs });
  });
}
