import { createServer } from 'node:net';
import { type AmiClient, type AmiMessage, field } from '@patchcord/asterisk';
import { callRpc } from '@patchcord/bus';
import { callIdOf, type DeskAgent, rpc, type Session, siteMoments } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished } from 'vitest';
import { startWorld, type World, worldTenant } from '../harness/world.ts';
import { type Answer, post } from './house.ts';
import { type DialplanTopic, supportNumber } from './lab/dialplan.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { type PhoneCall, type PhoneOptions, type SipPhone, startPhone } from './sip-phone.ts';

export const pbxId = 'lab';

/** A real Asterisk, all services that a call goes through as processes of their own, and a CRM that is told. */
export interface PbxWorld {
  readonly lab: Lab;
  readonly world: World;
  /** Of this test only: it is closed when the test is over. */
  phone(options: Omit<PhoneOptions, 'pbxPort'>): Promise<SipPhone>;
  /** The phone of an agent. */
  agent(id: string, behaviour?: PhoneOptions['behaviour']): Promise<SipPhone>;
  /**
   * Somebody outside calls this number; resolves when the PBX has answered. Who is to call while others do needs a
   * number of his own.
   */
  calls(number: string, from?: string): Promise<PlacedCall>;
  /** Events of AMI since the latest `calls` of the usual caller. */
  seen(): readonly AmiMessage[];
  /** When one of them came, as `performance.now` counts. */
  cameAtMs(event: AmiMessage): number;
  /** A command as an agent's desk gives it: POST to the console. */
  command(path: string, body: unknown): Promise<Answer>;
  /** What an agent does, and what he has still to do, as his desk tells it. */
  deskOf(agentId: string): Promise<DeskAgent>;
  /** An action at the PBX that no service knows of. */
  action: AmiClient['action'];
  session(callId: string): Promise<Session | undefined>;
  /** Waits until the session is as expected (`toMatchObject`); gives it. */
  becomes(callId: string, expected: object, deadlineMs?: number): Promise<Session>;
  /** What the CRM was told of a call at which moments, oldest first. */
  told(callId: string): { readonly event: string; readonly agentId?: string }[];
  /** The after-call records that the CRM has of a call. */
  records(callId: string): unknown[];
  /** After a restart of the PBX, which ends all connections. */
  observeAgain(): Promise<void>;
  stop(): Promise<void>;
}

export interface PlacedCall {
  readonly callId: string;
  /** The caller's side. */
  readonly call: PhoneCall;
}

const callerNumber = '+14155550123';

/** `topic` is told the port at which the routing service answers FastAGI. */
export async function startPbxWorld(topic: (agiPort: number) => DialplanTopic): Promise<PbxWorld> {
  const agiPort = await freePort();
  const lab = await startLab(topic(agiPort));
  const world = await startServices(lab, agiPort);
  let seen: AmiMessage[] = [];
  const cameAt = new WeakMap<AmiMessage, number>();
  const observe = (): Promise<AmiClient> =>
    lab.observe((event) => {
      cameAt.set(event, performance.now());
      seen.push(event);
    });
  let pbx = await observe();
  const phone: PbxWorld['phone'] = async (options) => {
    const started = await startPhone({ pbxPort: lab.sipPort, ...options });
    onTestFinished(() => started.close());
    return started;
  };
  return {
    lab,
    world,
    phone,
    agent: (id, behaviour = 'answers') => phone({ user: id, registersAs: id, behaviour }),
    async calls(number, from = callerNumber) {
      if (from === callerNumber) seen = [];
      const call = await (await phone({ user: from })).call(number);
      const begun = await eventually(() => seen.find((event) => isArrival(event, number, from)));
      return { call, callId: callIdOf(pbxId, field(begun, 'Uniqueid') ?? '') };
    },
    seen: () => seen,
    cameAtMs: (event) => cameAt.get(event) ?? 0,
    command: (path, body) => post(`${world.service('console').url}${path}`, body, world.token),
    deskOf: (agentId) => readDesk(world, agentId),
    action: (...args) => pbx.action(...args),
    session: (callId) => readSession(world, callId),
    becomes: (callId, expected, deadlineMs = 15_000) =>
      eventually(
        async () => {
          const session = await readSession(world, callId);
          expect(session).toMatchObject(expected);
          return session;
        },
        { what: `the session of ${callId}`, deadlineMs },
      ),
    told: (callId) => toldOf(world, callId),
    records: (callId) => [...world.crm.records().values()].filter((record) => JSON.stringify(record).includes(callId)),
    async observeAgain() {
      pbx.close();
      pbx = await observe();
    },
    async stop() {
      pbx.close();
      await world.stop();
      await lab.stop();
    },
  };
}

/** Of its own: queues have no numbers that phones dial. */
const originate = { context: 'from-agent', queueContext: 'to-queue', callerId: `"Acme" <${supportNumber}>` };

async function startServices(lab: Lab, agiPort: number): Promise<World> {
  const world = await startWorld({
    services: ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition', 'routing-decider', 'console'],
    env: {
      AMI_CONNECTIONS: JSON.stringify([
        { pbxId, tenantId: worldTenant, ...lab.ami, trunks: ['PJSIP/carrier'], originate },
      ]),
      FASTAGI_PORT: String(agiPort),
      FASTAGI_PBXS: JSON.stringify([{ pbxId, tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
      AFTER_CALL_UNANSWERED_SETTLE_MS: '500',
    },
  });
  await world.config.applyAll(worldTenant, told(world.crm.url));
  await isLive(world);
  return world;
}

/** A site that is told of each moment of every call that came to a number of ours. */
function told(crmUrl: string): Parameters<World['config']['applyAll']>[1] {
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  const site = { id: 'hook', name: 'Hook', url: `${crmUrl}/hooks/told`, method: 'POST', format: 'json', egress };
  const campaign = {
    id: 'support',
    name: 'Support',
    match: { queues: ['support', 'crowd'], dids: [supportNumber] },
    records: ['crm'],
  };
  const desk = { id: 'desk', name: 'Desk', match: { queues: ['desk', 'sales'] }, acw: { timeoutMs: 60_000 } };
  return [
    { kind: 'external-site', entity: { ...site, fireOn: [...siteMoments] } },
    { kind: 'campaign', entity: { ...campaign, sites: ['hook'], acw: { timeoutMs: 0 } } },
    { kind: 'campaign', entity: { ...desk, sites: ['hook'] } },
    ...['1001', '1002', '1003'].map((id) => ({ kind: 'agent' as const, entity: { id, name: `Agent ${id}` } })),
  ];
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Until call-ingest hears the PBX. */
export async function isLive(world: World): Promise<void> {
  const headers = { authorization: `Bearer ${world.token}` };
  const isConnected = async (): Promise<boolean> => {
    const answer = await fetch(`${world.service('call-ingest').url}/v1/pbxs`, { headers });
    return (await answer.text()).includes('"state":"live"');
  };
  await eventually(isConnected, { what: 'the connection to the PBX', deadlineMs: 20_000 });
}

const isArrival = (event: AmiMessage, number: string, from: string): boolean =>
  field(event, 'Event') === 'Newchannel' && field(event, 'Exten') === number && field(event, 'CallerIDNum') === from;

async function readSession(world: World, callId: string): Promise<Session | undefined> {
  const asked = { tenantId: worldTenant, callId };
  const reply = await callRpc(world.bus, rpc.readSession, asked, { timeoutMs: 3000 });
  return reply.outcome === 'found' ? reply.session : undefined;
}

async function readDesk(world: World, agentId: string): Promise<DeskAgent> {
  const headers = { authorization: `Bearer ${world.token}` };
  const answer = await fetch(`${world.service('console').url}/v1/agents/${agentId}/desk`, { headers });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { agent: DeskAgent }).agent;
}

const toldOf = (world: World, callId: string): { event: string; agentId?: string }[] =>
  world.crm
    .requests()
    .filter(({ path }) => path === '/hooks/told')
    .map(({ body }) => JSON.parse(body) as { event: string; callId: string; agentId?: string })
    .filter((one) => one.callId === callId);
