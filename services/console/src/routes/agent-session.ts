import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { type AgentCommand, agentCommand } from '../usecases/agent-command.ts';
import type { PhoneDeps } from '../usecases/agent-phone.ts';
import { externalSystem } from './campaigns.ts';

const onRequest = requireScope('calls:control');
const tags = ['agent session'];
const params = z.object({ agentId: z.string().min(1).max(256) });
const queue = z.string().min(1).max(128);
const response = { 202: z.object({ outcome: z.enum(['accepted', 'repeated']) }) };

const queues = { externalSystem, queues: z.array(queue).max(100).optional() };
const bodies = {
  login: z.strictObject(queues).nullish(),
  logout: z.strictObject(queues).nullish(),
  pause: z.strictObject({ externalSystem, queue: queue.optional(), reason: z.string().max(80).optional() }).nullish(),
  unpause: z.strictObject({ externalSystem, queue: queue.optional() }).nullish(),
};

const summaries = {
  login: 'Logs an agent in to queues; without any, to those of the campaigns he works on',
  logout: 'Logs him out of queues; without any, out of all he logged in to',
  pause: 'Gives him no calls, in one queue or in all, with a reason',
  unpause: 'Gives him calls again',
} as const;

/** An agent's part in the PBX's queues. */
export function registerAgentSession(app: HttpServer, deps: PhoneDeps): void {
  for (const command of ['login', 'logout', 'pause', 'unpause'] as const) {
    const schema = { summary: summaries[command], tags, params, body: bodies[command], response };
    app.post(`/v1/agents/:agentId/${command}`, { onRequest, schema }, async (request, reply) => {
      const asked: AgentCommand = { ...request.body, ...request.params, agentInAddress: true, command };
      return reply.status(202).send(await agentCommand(deps, identityOf(request), asked));
    });
  }
}
