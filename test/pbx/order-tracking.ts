import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type AmiClient, type AmiMessage, field } from '@patchcord/asterisk';
import { callRpc, type NewEntity } from '@patchcord/bus';
import { callIdOf, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually, type RecordingServer, recordingServer } from '@patchcord/testkit';
import { type SmtpServer, startSmtpServer } from '@patchcord/testkit/smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type OrderCrm, orderTracking, startOrderCrm } from '../harness/order-tracking.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';
import type { DialplanTopic } from './lab/dialplan.ts';
import { hasLab, type Lab, startLab } from './lab/lab.ts';
import { type PhoneCall, startPhone } from './sip-phone.ts';

/** babelforce's and PBXware's examples with callers of flesh, as far as a SIP phone goes. */
const orderNumber = '+12025550140';
const statusNumber = '+12025550141';

/** Those of this PBX in the place of the shop's. The welcome lasts 2.5 s. */
const sounds: Readonly<Record<string, string>> = {
  'custom/welcome': 'vm-toenternumber',
  'custom/enter-your-reference': 'beep',
  'custom/music': 'beep',
  'custom/about-orders': 'beep',
};

const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** A block of the documentation as it stands there, but for the address and the number. */
function dialplanOf(name: string, begin: string, agiPort: number): string {
  const block = page(name)
    .split('```')
    .find((one) => one.trimStart().startsWith(begin));
  if (block === undefined) throw new Error(`docs/${name} has no dialplan that begins with "${begin}"`);
  return block.replaceAll('10.0.0.20:4573', `127.0.0.1:${agiPort}`);
}

const topicOf = (agiPort: number): DialplanTopic => {
  const agi = 'exten => _X!,1,AGI(';
  const flow = dialplanOf('flows.md', agi, agiPort).replace('_X!', orderNumber);
  const status = dialplanOf('routing-rules.md', agi, agiPort).replaceAll('_X!', statusNumber);
  const contexts = dialplanOf('identification.md', '[from-carrier]', agiPort).replace(/[\s\S]*?(?=\[crm-queue\])/, '');
  return {
    contexts: `[from-pstn]\n${flow}\n${status}\n${contexts}\n[internal]\ninclude => from-agent\n`,
    queues: { premium: { phones: ['1001'] }, gold: { phones: ['1002'] }, silver: { phones: ['1003'] } },
    sounds: ['custom/bronze'],
  };
};

let lab: Lab;
let world: World;
let crm: OrderCrm;
let levels: RecordingServer;
let level = '';
let mails: SmtpServer;
let pbx: AmiClient;
let seen: AmiMessage[] = [];

async function begin(): Promise<void> {
  const port = await freePort();
  lab = await startLab(topicOf(port));
  pbx = await lab.observe((event) => void seen.push(event));
  mails = await startSmtpServer();
  world = await startWorld({
    services: ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider'],
    env: {
      AMI_CONNECTIONS: JSON.stringify([{ pbxId: 'lab', tenantId: worldTenant, ...lab.ami, trunks: ['PJSIP/carrier'] }]),
      FASTAGI_PORT: String(port),
      FASTAGI_PBXS: JSON.stringify([{ pbxId: 'lab', tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
      // What an engine would say is an event that the test hears.
      FASTAGI_TTS_APPLICATION: 'UserEvent',
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  });
  const { token, sha256 } = mintToken(worldTenant);
  crm = await startOrderCrm({ url: () => world.service('session-store').url, token });
  levels = await recordingServer(() => ({ body: JSON.stringify({ status: level }) }));
  await world.config.applyAll(worldTenant, [
    { kind: 'api-token', entity: { id: 'shop-crm', name: 'CRM', sha256, scopes: ['sessions:write'] } },
    ...orderTracking({ crmUrl: crm.url, mailPort: mails.port }).map(withSounds),
    { kind: 'routing-rule', entity: statusRule(levels.url) },
  ]);
  await isReady();
}

/** Until the PBX is heard, and the flow is known. */
async function isReady(): Promise<void> {
  const headers = { authorization: `Bearer ${world.token}` };
  const textOf = async (url: string): Promise<string> => (await fetch(url, { headers })).text();
  const isHeard = async () => (await textOf(`${world.service('call-ingest').url}/v1/pbxs`)).includes('"state":"live"');
  await eventually(isHeard, { what: 'the connection to the PBX', deadlineMs: 20_000 });
  await eventually(async () => {
    const body = JSON.stringify({ callId: 'c-lab-probe', input: { type: 'started' } });
    const url = `${world.service('routing-decider').url}/v1/flows/order-tracking/next`;
    const json = { ...headers, 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers: json, body })).ok;
  });
}

const withSounds = ({ kind, entity }: NewEntity): NewEntity => ({
  kind,
  entity: JSON.parse(JSON.stringify(entity), (_, value) => sounds[value] ?? value),
});

/** The rule of the documentation, but for where it is asked and who asks. */
function statusRule(url: string): object {
  const [, yaml = ''] = /```yaml\n(routing-rule:\n[\s\S]*?)```/.exec(page('routing-rules.md')) ?? [];
  const { 'routing-rule': rules } = parse(yaml) as { 'routing-rule': object[] };
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  return { ...rules[0], location: { type: 'did', dids: [statusNumber] }, url, egress };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Placed {
  readonly call: PhoneCall;
  readonly callId: string;
}

async function calls(ani: string, number = orderNumber): Promise<Placed> {
  seen = [];
  const phone = await startPhone({ user: ani, pbxPort: lab.sipPort });
  onTestFinished(() => phone.close());
  const call = await phone.call(number);
  const arrival = await eventually(() => seen.find((event) => field(event, 'Exten') === number));
  return { call, callId: callIdOf('lab', field(arrival, 'Linkedid') ?? '') };
}

async function answering(id: string): Promise<void> {
  const phone = await startPhone({ user: id, registersAs: id, pbxPort: lab.sipPort });
  onTestFinished(() => phone.close());
}

const becomes = (callId: string, expected: object) =>
  eventually(
    async () => {
      const reply = await callRpc(world.bus, rpc.readSession, { tenantId: worldTenant, callId }, { timeoutMs: 3000 });
      expect(reply).toMatchObject({ session: expected });
      return reply.outcome === 'found' && reply.session;
    },
    { what: `the session of ${callId}`, deadlineMs: 20_000 },
  );

/** Texts that the caller was told, oldest first. */
const said = (): string[] => seen.flatMap((event) => field(event, 'UserEvent') ?? []);
const mailsTo = (address: string) => mails.messages.filter(({ recipients }) => recipients.includes(address));
const mailed = 'We have sent you an e-mail. With the link in it you see at any time where your order is.';

export function describeExamples(): void {
  describe.skipIf(!hasLab)('the examples of babelforce and PBXware on a real Asterisk', () => {
    beforeAll(begin, 120_000);
    afterEach(() => lab.quiet());
    afterAll(async () => {
      pbx?.close();
      await world?.stop();
      await lab?.stop();
      for (const server of [crm, levels, mails]) await server?.close();
    });
    describe('tracking of orders', orderTests);
    describe("a customer's status", statusTests);
  });
}

/** He is asked for his reference: the flow reads, and the beep before it is over. */
async function enters({ call, callId }: Placed, digits: string): Promise<void> {
  await becomes(callId, { data: { 'app.flow.state': { module: 'reference' } } });
  await call.press(digits);
}

function orderTests(): void {
  test('a premium customer is known by his number, and an agent answers him', async () => {
    await answering('1001');
    const { callId } = await calls('+14155550123');
    await becomes(callId, {
      state: 'talking',
      queues: [{ queue: 'premium' }],
      interactions: [{ agent: { agentId: '1001' } }],
      data: { 'ivr.email': 'ana@example.com', 'ivr.track_id': 'T-1', 'app.flow.state': { module: 'agents' } },
    });
    expect(said()).toEqual([]);
    expect(JSON.parse(crm.seen.at(-1)?.body ?? '')).toEqual({ phone: '+14155550123', call_id: callId });
  });

  test('one who is no premium customer hears of his e-mail, and gets it', async () => {
    const { call, callId } = await calls('+14155550124');
    await eventually(() => call.isOver, { what: 'the end of the call' });
    expect(said()).toEqual([mailed]);
    const mail = await eventually(() => mailsTo('ben@example.com')[0], { what: 'the mail' });
    expect(mail.parsed.text).toContain('https://shop.example/track/T-2');
    await becomes(callId, { state: 'ended', data: { 'app.flow.state': { module: 'goodbye', phase: 'over' } } });
    expect(mailsTo('ben@example.com')).toHaveLength(1);
  });

  test('one whom nobody knows presses his reference, and is a premium customer', async () => {
    const placed = await calls('+14155550199');
    await enters(placed, '4711003');
    const data = { 'app.inputReader.reference': '4711003', 'ivr.name': 'Cleo' };
    await becomes(placed.callId, { state: 'queued', queues: [{ queue: 'premium' }], digits: '4711003', data });
    expect(said()).toEqual(['Thank you, we are finding your profile.']);
    expect(crm.done(placed.callId)).toEqual(['unknown', 200]);
    placed.call.hangUp();
    await becomes(placed.callId, { state: 'ended', outcome: 'abandoned' });
  });

  test('one whom nobody knows presses his reference, and gets an e-mail', async () => {
    const placed = await calls('+14155550199');
    await enters(placed, '4711004');
    await eventually(() => placed.call.isOver, { what: 'the end of the call', deadlineMs: 20_000 });
    expect(said()).toEqual(['Thank you, we are finding your profile.', mailed]);
    const mail = await eventually(() => mailsTo('dan@example.com')[0], { what: 'the mail' });
    expect(mail.parsed.text).toContain('https://shop.example/track/T-4');
  });

  test('a reference that nobody knows: he is told so, and the call ends', async () => {
    const before = mails.messages.length;
    const placed = await calls('+14155550199');
    await enters(placed, '9999999');
    await eventually(() => placed.call.isOver, { what: 'the end of the call', deadlineMs: 20_000 });
    expect(said().at(-1)).toBe('We could not find your order.');
    expect(crm.done(placed.callId)).toEqual(['unknown', 'unknown']);
    expect(mails.messages).toHaveLength(before);
  });
}

function statusTests(): void {
  test.each([
    ['GOLD', 'gold', '1002'],
    ['SILVER', 'silver', '1003'],
  ])('%s: an agent of the queue %s', async (is, queue, agentId) => {
    level = is;
    await answering(agentId);
    const { callId } = await calls('+14155550123', statusNumber);
    const data = { 'app.routing.status': { outcome: 'matched', value: is } };
    await becomes(callId, { state: 'talking', queues: [{ queue }], interactions: [{ agent: { agentId } }], data });
  });

  test('BRONZE: he hears his recording, and the call ends', async () => {
    level = 'BRONZE';
    const { call, callId } = await calls('+14155550123', statusNumber);
    await eventually(() => call.isOver, { what: 'the end of the call' });
    const destination = { type: 'play-recording', target: 'custom/bronze' };
    await becomes(callId, { data: { 'app.routing.status': { outcome: 'matched', value: 'BRONZE', destination } } });
  });

  test('any other: the mailbox', async () => {
    level = 'IRON';
    const { callId } = await calls('+14155550123', statusNumber);
    const destination = { type: 'voicemail', target: '100' };
    await becomes(callId, { data: { 'app.routing.status': { outcome: 'no-rule', destination } } });
    await eventually(() => seen.find((event) => field(event, 'Context') === 'crm-voicemail'));
  });
}
