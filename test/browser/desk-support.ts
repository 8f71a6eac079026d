import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectBus, serveRpc } from '@patchcord/bus';
import { type Failure, type PbxCommand, pbxRpc, requestedCallId } from '@patchcord/contracts';
import type { Frame, Page } from 'playwright-core';
import { worldTenant } from '../harness/world.ts';
import { type BrowserWorld, startBrowserWorld } from './world.ts';

/** Stands where call-ingest stands that is connected to the agents' PBX. */
export interface DeskPbx {
  /** What it was told, in order. */
  readonly told: PbxCommand[];
  /** What commands of this name are answered with. */
  readonly refuses: Map<PbxCommand['command'], Failure>;
}

export interface DeskWorld extends BrowserWorld {
  readonly pbx: DeskPbx;
  /** Requests that the sites got: method, path and body. */
  readonly asked: string[];
}

const pbxId = 't';

/** A house whose agents have a PBX, with a campaign for each way in which a site is shown: its queue has the same name. */
export async function startDeskWorld(): Promise<DeskWorld> {
  const world = await startBrowserWorld();
  const bus = await connectBus({ url: world.natsUrl, name: 'pbx' });
  const pbx: DeskPbx = { told: [], refuses: new Map() };
  const served = serveRpc(bus, pbxRpc(pbxId), async ({ command }) => {
    pbx.told.push(command);
    const failure = pbx.refuses.get(command.command);
    if (failure !== undefined) throw failure;
    return command.command === 'originate'
      ? { outcome: 'accepted' as const, callId: requestedCallId(pbxId, command.requestId) }
      : { outcome: 'accepted' as const };
  });
  const sites = await startSites();
  await world.config.applyAll(worldTenant, deskEntities(sites.url));
  return {
    ...world,
    pbx,
    asked: sites.asked,
    stop: async () => {
      await served.stop();
      await bus.close();
      sites.server.close();
      await world.stop();
    },
  };
}

/** Shown as it is heard; `/refused` lets nobody frame it. */
async function startSites() {
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (method !== 'OPTIONS' && url !== '/favicon.ico') asked.push(`${method} ${url} ${body}`.trim());
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (url.startsWith('/refused')) response.setHeader('x-frame-options', 'DENY');
    if (url.startsWith('/json')) {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', 'content-type');
    }
    const shown = `${method} ${decodeURIComponent(url)} ${body}`.replaceAll('<', '&lt;');
    response.end(
      `<!doctype html><html lang="en"><title>CRM</title><h1>Customer page</h1><p id="heard">${shown}</p></html>`,
    );
  };
  const server: Server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const phoneParameter = [{ family: 'call', key: 'phone', name: 'phone' }];

function deskEntities(sitesUrl: string): Parameters<BrowserWorld['config']['applyAll']>[1] {
  const site = (id: string, of: object) => ({
    kind: 'external-site' as const,
    entity: {
      id,
      name: `Site ${id}`,
      url: `${sitesUrl}/${id}`,
      trigger: 'automatic',
      target: 'embedded',
      fireOn: ['agent-ringing'],
      parameters: phoneParameter,
      egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
      ...of,
    },
  });
  const campaign = (id: string, of: object = {}) => ({
    kind: 'campaign' as const,
    entity: { id: `c-${id}`, name: `Campaign ${id}`, match: { queues: [id] }, acw: { timeoutMs: 0 }, ...of },
  });
  const agents = [
    ['1001', 'Ana Torres', 'ana'],
    ['1002', 'Ben Okafor', 'ben'],
  ].map(([id, name, username]) => ({ kind: 'agent' as const, entity: { id, name, username, pbxId } }));
  return [
    ...agents,
    { kind: 'tenant' as const, entity: { id: worldTenant, name: 'Acme', pauseReasons: ['Lunch', 'Coffee'] } },
    site('page', {}),
    site('form', { method: 'POST', format: 'urlencoded' }),
    site('refused', {}),
    site('tab', { target: 'new-tab' }),
    site('json', { method: 'POST', format: 'json', target: 'none' }),
    site('button', { trigger: 'agent' }),
    ...['page', 'form', 'refused', 'tab', 'json', 'button'].map((id) => campaign(id, { sites: [id] })),
    campaign('plain'),
    campaign('acw', { acw: { timeoutMs: 120_000 } }),
    campaign('known', { database: 'people' }),
    {
      kind: 'contact-database' as const,
      entity: { id: 'people', name: 'People', columns: ['name', 'phone', 'city'], phoneColumns: ['phone'] },
    },
  ];
}

export interface DeskCallScript {
  readonly name: string;
  readonly queue?: string;
  readonly ani?: string;
  readonly callerName?: string;
}

type Event = Record<string, unknown>;

/** A call, told event by event, each at the time at which it is told. */
export function deskCall({ name, queue = 'plain', ani = '+14155550123', callerName }: DeskCallScript) {
  const callId = `c-t-${name}`;
  let at = 0;
  const event = (what: string, data: object): Event => {
    at += 1;
    const id = `${callId}.${what}.${at}`;
    const type = `patchcord.v1.call.${what}`;
    const time = new Date().toISOString();
    return { specversion: '1.0', id, source: '/pbx/t', type, subject: callId, time, sequence: String(at), data };
  };
  const agent = (agentId: string) => ({ agentId, name: `Agent ${agentId}`, interface: `PJSIP/${agentId}` });
  const leg = (agentId: string) => ({ agent: agent(agentId), legId: `l-t-${name}-${agentId}` });
  const legId = `l-t-${name}`;
  const caller = callerName === undefined ? {} : { callerName };
  return {
    callId,
    offered: () => [
      event('offered', { direction: 'inbound', ani, dnis: '+12025550100', legId, pbxId, ...caller }),
      event('queued', { queue, legId, position: 1 }),
    ],
    rings: (...agentIds: string[]) => agentIds.map((id) => event('agent-ringing', { ...leg(id), queue })),
    answers: (agentId: string, ...others: string[]) => [
      event('answered', { ...leg(agentId), queue }),
      ...others.map((id) => event('agent-missed', { ...leg(id), queue, reason: 'answered-elsewhere' })),
    ],
    holds: (agentId: string) => [event('held', { ...leg(agentId), by: 'agent' })],
    resumes: (agentId: string) => [event('resumed', { ...leg(agentId), by: 'agent' })],
    ends: (agentId: string) => [
      event('agent-released', { ...leg(agentId), endedBy: 'customer' }),
      event('ended', { endedBy: 'customer', reason: 'hangup' }),
    ],
  };
}

let states = 0;

/** The PBX tells what an agent does. */
export function stateEvent(agentId: string, state: string, reason?: string): Event {
  states += 1;
  const data = {
    agent: { agentId, interface: `PJSIP/${agentId}` },
    state,
    ...(reason === undefined ? {} : { reason }),
  };
  const type = 'patchcord.v1.agent.state-changed';
  const about = { source: '/pbx/t', subject: agentId, time: new Date().toISOString(), sequence: String(states) };
  return { specversion: '1.0', id: `state-${Date.now()}-${states}`, type, ...about, data };
}

export const stream = (page: Page | Frame, state: string) => page.locator(`[data-stream=${state}]`);
export const callItem = (page: Page | Frame, callId: string, state?: string) =>
  page.locator(`button[data-call-id="${callId}"]${state === undefined ? '' : `[data-state=${state}]`}`);
