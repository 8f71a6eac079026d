import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { digitalAction, digitalContact, digitalId, rpc, token } from '@patchcord/contracts';
import { demandAgent, type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';

export interface DigitalRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

const tags = ['digital'];
const reading = requireScope('sessions:read');
const acting = requireScope('calls:control');
const timeoutMs = 5000;

const params = z.object({ contactId: digitalId, segmentId: digitalId });
const [transfer] = digitalAction.options;
const summaries = {
  unassign: "It is no longer the agent's work; he may still have it before him",
  dismiss: 'He takes it off his desk: his part is over once it is also unassigned',
  release: 'Both: his part is over',
  close: 'The conversation is over, and with it every part that is not',
} as const;

/** Chats, mails and other digital contacts at the desks of agents, and what agents do with them. */
export function registerDigital(app: HttpServer, { bus, config }: DigitalRoutes): void {
  const list = {
    summary: 'Open digital contacts, those that changed last first; an agent sees those that he has, or had, part in',
    tags,
    querystring: z.object({
      agentId: token.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: { 200: z.object({ contacts: z.array(digitalContact) }) },
  };
  app.get('/v1/digital-interactions', { onRequest: reading, schema: list }, async (request) => {
    const identity = identityOf(request);
    const { limit, agentId = identity.agentId } = request.query;
    if (agentId !== undefined) demandAgent(identity, agentId);
    const of = agentId === undefined ? {} : { agentId };
    return callRpc(bus, rpc.digitalContacts, { tenantId: identity.tenantId, limit, ...of }, { timeoutMs });
  });
  registerActions(app, bus);
  registerTargets(app, config);
}

function registerActions(app: HttpServer, bus: Bus): void {
  const common = { tags, params, response: { 202: z.object({ outcome: z.enum(['told', 'unchanged']) }) } };
  const base = '/v1/digital-interactions/:contactId/segments/:segmentId';
  for (const kind of ['unassign', 'dismiss', 'release', 'close'] as const) {
    const schema = { ...common, summary: summaries[kind] };
    app.post(`${base}/${kind}`, { onRequest: acting, schema }, async (request, reply) => {
      const { tenantId, agentId: onlyOf } = identityOf(request);
      const asked = { tenantId, ...request.params, onlyOf, action: { kind } };
      return reply.status(202).send(await callRpc(bus, rpc.actOnDigital, asked, { timeoutMs }));
    });
  }
  const schema = {
    ...common,
    summary: 'Hands the contact on to an agent or a queue: his part is over',
    body: transfer.omit({ kind: true }).strict(),
  };
  app.post(`${base}/transfer`, { onRequest: acting, schema }, async (request, reply) => {
    const { tenantId, agentId: onlyOf } = identityOf(request);
    const action = { kind: 'transfer', to: request.body.to } as const;
    const asked = { tenantId, ...request.params, onlyOf, action };
    return reply.status(202).send(await callRpc(bus, rpc.actOnDigital, asked, { timeoutMs }));
  });
}

function registerTargets(app: HttpServer, config: ConfigStore): void {
  const schema = {
    summary: 'Agents and queues that a conversation can be handed on to, by name',
    tags: ['agent session'],
    response: {
      200: z.object({
        agents: z.array(z.object({ agentId: token, name: z.string() })),
        queues: z.array(z.string()),
      }),
    },
  };
  app.get('/v1/transfer-targets', { onRequest: acting, schema }, async ({ tenantId }) => {
    const { agent, campaign } = config.tenant(tenantId);
    const agents = [...agent.values()].map(({ id, name }) => ({ agentId: id, name }));
    const queues = new Set([...campaign.values()].flatMap(({ match }) => match.queues));
    return { agents: agents.toSorted((a, b) => a.name.localeCompare(b.name)), queues: [...queues].toSorted() };
  });
}
