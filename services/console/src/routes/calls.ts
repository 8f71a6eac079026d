import { pbxRequestId, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { agentCommand } from '../usecases/agent-command.ts';
import { type CallDeps, makeCall } from '../usecases/make-call.ts';
import { externalSystem } from './campaigns.ts';

const onRequest = requireScope('calls:control');
const tags = ['calls'];
const anyId = z.string().min(1).max(256);
const agentId = anyId.optional().meta({ description: 'Default: the agent of the token' });
const outcome = z.enum(['accepted', 'repeated']);

const call = z.strictObject({
  externalSystem,
  agentId,
  campaignId: anyId.optional(),
  contactId: anyId.optional().meta({ description: "A contact of the campaign's database" }),
  to: z.string().min(1).max(64).meta({ description: 'Number or extension that is dialled once the agent answered' }),
  requestId: pbxRequestId.optional().meta({ description: 'The same again makes no second call' }),
  waitFor: z
    .enum(['ringing', 'answer'])
    .optional()
    .meta({ description: "Answers when the agent's phone rings (default), or when he answered" }),
  ringTimeoutMs: z.number().int().min(1000).max(120_000).optional(),
});
const made = z.object({ outcome, callId: token, requestId: z.string() });

/** Calls made and told what to do for an agent. */
export function registerCalls(app: HttpServer, deps: CallDeps): void {
  const make = {
    summary: "Click-to-call: rings the agent's phone, and dials the number once he answered",
    tags,
    body: call,
    response: { 202: made },
  };
  app.post('/v1/calls', { onRequest, schema: make }, async (request, reply) =>
    reply.status(202).send(await makeCall(deps, identityOf(request), request.body)),
  );

  registerTransfer(app, deps);
  for (const command of ['hangup', 'hold', 'resume'] as const) {
    const schema = {
      summary: summaries[command],
      tags,
      params: z.object({ callId: token }),
      body: z.strictObject({ externalSystem, agentId }).nullish(),
      response: { 202: z.object({ outcome }) },
    };
    app.post(`/v1/calls/:callId/${command}`, { onRequest, schema }, async (request, reply) => {
      const asked = { ...request.body, ...request.params, command };
      return reply.status(202).send(await agentCommand(deps, identityOf(request), asked));
    });
  }
}

const transferTo = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), number: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('agent'), agentId: anyId }),
  z.strictObject({ kind: z.literal('queue'), queue: z.string().min(1).max(128) }),
]);

/** Blind: whoever gets it is not asked first. */
function registerTransfer(app: HttpServer, deps: CallDeps): void {
  const schema = {
    summary: 'Hands the call on to a number, another agent or a queue, without asking there first',
    tags,
    params: z.object({ callId: token }),
    body: z.strictObject({ externalSystem, agentId, to: transferTo }),
    response: { 202: z.object({ outcome }) },
  };
  app.post('/v1/calls/:callId/transfer', { onRequest, schema }, async (request, reply) => {
    const asked = { ...request.body, ...request.params, command: 'transfer' } as const;
    return reply.status(202).send(await agentCommand(deps, identityOf(request), asked));
  });
}

const summaries = {
  hangup: "Ends the agent's part of a call",
  hold: "Puts the call on hold, where the agent's phone can be told to",
  resume: 'Takes it from hold',
} as const;
