import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import {
  acwEnd,
  acwExtended,
  contact,
  deskAgent,
  deskCall,
  deskChoices,
  extendAcwBody,
  frameCheck,
  rpc,
  token,
} from '@patchcord/contracts';
import { type HttpServer, identityOf, requireAgent, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { DeskView } from '../adapters/desk-view.ts';
import { addCaller, chooseContact, readCallContacts } from '../usecases/desk-contact.ts';
import { readAgent, readChoices } from '../usecases/read-desk.ts';

export interface AgentDeskRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly contacts: Contacts;
  readonly view: DeskView;
}

const tags = ['agent desk'];
const params = z.object({ agentId: token });
const preHandler = requireAgent(({ params }) => (params as { agentId: string }).agentId);
const looks = { onRequest: requireScope('sessions:read'), preHandler };
const disposes = { onRequest: requireScope('dispositions:write'), preHandler };
const timeoutMs = 5000;

/** What an agent sees and does at his desk. */
export function registerAgentDesk(app: HttpServer, routes: AgentDeskRoutes): void {
  registerReading(app, routes);
  registerAcw(app, routes.bus);
  registerFrames(app, routes.bus);
  registerContacts(app, routes);
}

function registerReading(app: HttpServer, { bus, config, view }: AgentDeskRoutes): void {
  const response = { 200: z.object({ agent: deskAgent, calls: z.array(deskCall), choices: deskChoices }) };
  const schema = { summary: 'An agent, his calls, and what he can choose from', tags, params, response };
  app.get('/v1/agents/:agentId/desk', { ...looks, schema }, async (request) => {
    const { tenantId } = request;
    const { agentId } = request.params;
    const [agent, choices] = await Promise.all([
      readAgent({ bus, view }, tenantId, agentId),
      readChoices({ bus, config }, identityOf(request), agentId),
    ]);
    return { agent, calls: view.calls(tenantId, agentId), choices };
  });
}

function registerAcw(app: HttpServer, bus: Bus): void {
  const ofInteraction = params.extend({ interactionId: token });
  const end = {
    summary: 'Ends after-call work before its time',
    tags,
    params: ofInteraction,
    response: { 200: acwEnd },
  };
  const base = '/v1/agents/:agentId/acw/:interactionId';
  app.post(`${base}/end`, { ...disposes, schema: end }, async ({ tenantId, params: { agentId, interactionId } }) =>
    callRpc(bus, rpc.endAcw, { tenantId, interactionId, onlyOf: agentId }, { timeoutMs }),
  );
  const extend = {
    summary: 'Gives an agent more time for his after-call work',
    tags,
    params: ofInteraction,
    body: extendAcwBody,
    response: { 200: acwExtended },
  };
  app.post(`${base}/extend`, { ...disposes, schema: extend }, async ({ tenantId, params, body }) => {
    const { agentId, interactionId } = params;
    return callRpc(bus, rpc.extendAcw, { tenantId, interactionId, onlyOf: agentId, ...body }, { timeoutMs });
  });
}

/** Longer than the site is waited for, at each step of its redirects. */
const frameTimeoutMs = 12_000;

function registerFrames(app: HttpServer, bus: Bus): void {
  const schema = {
    summary: "Whether a browser shows the page of a screen pop within the console's own",
    tags: ['screen pops'],
    params: params.extend({ popId: z.string().min(1).max(512) }),
    querystring: z.object({
      origin: z
        .url({ protocol: /^https?$/ })
        .max(300)
        .meta({ description: 'Of the page that is to show it, e.g. https://patchcord.example' }),
    }),
    response: { 200: frameCheck },
  };
  app.get('/v1/agents/:agentId/screen-pops/:popId/frame', { ...looks, schema }, async ({ tenantId, params, query }) =>
    callRpc(bus, rpc.checkFrame, { tenantId, ...params, ...query }, { timeoutMs: frameTimeoutMs }),
  );
}

function registerContacts(app: HttpServer, routes: AgentDeskRoutes): void {
  const ofCall = params.extend({ callId: token });
  const url = '/v1/agents/:agentId/calls/:callId/contact';
  const found = z.object({
    database: z
      .object({ id: token, name: z.string(), columns: z.array(z.string()), phoneColumns: z.array(z.string()) })
      .optional(),
    number: z.string().optional(),
    contact: contact.optional(),
    candidates: z.array(contact),
  });
  const read = {
    summary: 'Whom a call is about: the contact that was told, or all who have the number',
    tags,
    params: ofCall,
    response: { 200: found },
  };
  const reads = { onRequest: requireScope('contacts:read'), preHandler };
  app.get(url, { ...reads, schema: read }, async ({ tenantId, params }) =>
    z.parse(found, await readCallContacts(routes, { tenantId, ...params })),
  );
  const choose = {
    summary: "Tells whom an agent's call is about, for 7 days",
    tags,
    params: ofCall,
    body: z.strictObject({ contactId: token }),
    response: { 200: contact },
  };
  app.put(url, { ...disposes, schema: choose }, async ({ tenantId, params, body }) =>
    chooseContact(routes, { tenantId, ...params }, body.contactId),
  );
  const added = z.object({ outcome: z.enum(['added', 'unchanged']), contact });
  const add = {
    summary: "Adds who calls to the contacts of the call's campaign; the same again is the same contact",
    tags,
    params: ofCall,
    body: z.strictObject({ values: z.record(z.string(), z.string()) }),
    response: { 200: added, 201: added },
  };
  app.post(url, { ...disposes, schema: add }, async ({ tenantId, params, body }, reply) => {
    const result = await addCaller(routes, { tenantId, ...params }, body.values);
    return reply.status(result.outcome === 'added' ? 201 : 200).send(result);
  });
}
