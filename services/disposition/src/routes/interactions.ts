import { acwEnd, dispositionReply, dispositionRequest, dispositionValue, token } from '@patchcord/contracts';
import { demandAgent, type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { EndAcw } from '../usecases/end-acw.ts';
import type { RecordDisposition } from '../usecases/record-disposition.ts';

const params = z.object({ interactionId: token });

const body = z
  .strictObject({
    optionId: dispositionValue.shape.optionId,
    comments: dispositionValue.shape.comments,
    form: dispositionValue.shape.form,
    agentId: dispositionRequest.shape.agentId.meta({ description: 'Default: the agent of the interaction' }),
  })
  .meta({ id: 'DispositionRequest' });

export interface InteractionDeps {
  readonly record: RecordDisposition;
  readonly endAcw: EndAcw;
}

export function registerInteractions(app: HttpServer, { record, endAcw }: InteractionDeps): void {
  const onRequest = requireScope('dispositions:write');
  app.route({
    method: ['PUT', 'POST'],
    url: '/v1/interactions/:interactionId/disposition',
    onRequest,
    schema: {
      params,
      body,
      response: { 200: dispositionReply },
      summary: 'Record or change the disposition of an interaction',
      tags: ['after-call'],
    },
    handler: async (request) => {
      const { interactionId } = request.params;
      const { agentId, ...disposition } = request.body;
      const identity = identityOf(request);
      if (agentId !== undefined) demandAgent(identity, agentId);
      const bound = identity.agentId;
      const by = { agentId: agentId ?? bound, onlyOf: bound };
      return record({ tenantId: identity.tenantId, interactionId, disposition, ...by });
    },
  });
  app.post(
    '/v1/interactions/:interactionId/acw/end',
    {
      onRequest,
      schema: {
        params,
        response: { 200: acwEnd },
        summary: 'End the after-call work of an interaction',
        tags: ['after-call'],
      },
    },
    (request) => {
      const { tenantId, agentId } = identityOf(request);
      return endAcw.byAgent(tenantId, request.params.interactionId, agentId);
    },
  );
}
