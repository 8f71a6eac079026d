import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type Delivery, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { type SmtpServer, startSmtpServer } from '@patchcord/testkit/smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { type OrderCrm, orderTracking, startOrderCrm } from '../harness/order-tracking.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World } from '../harness/world.ts';

/** The five steps of babelforce's example, with a CRM that writes into the session, and one that answers. */
const variants = ['writes', 'answers'] as const;
type Variant = (typeof variants)[number];

let world: World;
let mails: SmtpServer;
const crms = new Map<Variant, OrderCrm>();
const tokens = new Map<Variant, string>();

beforeAll(async () => {
  mails = await startSmtpServer();
  const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider'] as const;
  world = await startWorld({ services, env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` } });
  for (const variant of variants) await configure(variant);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  for (const crm of crms.values()) await crm.close();
  await mails?.close();
});

/** Each variant is a tenant of its own. */
const tenantOf = (variant: Variant): string => `shop-${variant}`;

async function configure(variant: Variant): Promise<void> {
  const tenant = tenantOf(variant);
  const [all, crmToken] = [mintToken(tenant), mintToken(tenant)];
  const crm = await startOrderCrm({ url: () => world.service('session-store').url, token: crmToken.token });
  crms.set(variant, crm);
  tokens.set(variant, all.token);
  const shop = { crmUrl: crm.url, mailPort: mails.port, synchronous: variant === 'answers' };
  await world.config.applyAll(tenant, [
    { kind: 'api-token', entity: { id: 'all', name: 'All', sha256: all.sha256, scopes: ['admin'] } },
    { kind: 'api-token', entity: { id: 'crm', name: 'CRM', sha256: crmToken.sha256, scopes: ['sessions:write'] } },
    ...orderTracking(shop),
  ]);
  const probe = { callId: 'c-t-probe', input: { type: 'started' } };
  await eventually(async () => (await post(variant, probe)).status === 200, { what: 'the flow' });
}

const authorized = (variant: Variant) => ({ authorization: `Bearer ${tokens.get(variant)}` });
const post = (variant: Variant, body: object): Promise<Response> =>
  fetch(`${world.service('routing-decider').url}/v1/flows/order-tracking/next`, {
    method: 'POST',
    headers: { ...authorized(variant), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

interface Instruction extends Record<string, unknown> {
  readonly do: string;
  readonly turn: number;
}

interface CallInFlow {
  readonly callId: string;
  /** Sounds, texts and questions, in their order. */
  readonly heard: readonly string[];
  readonly leave: unknown;
}

/** A PBX without FastAGI: it tells of the call, and carries out what the flow says. `listens`: how long a prompt is. */
async function callThrough(variant: Variant, caller: Caller): Promise<CallInFlow> {
  const callId = await offered(variant, caller);
  const heard: string[] = [];
  let turn: number | undefined;
  const tell = async (input: object): Promise<Instruction> => {
    const answer = await post(variant, { callId, input, ...(turn === undefined ? {} : { turn }) });
    const { instruction } = (await answer.json()) as { instruction: Instruction };
    ({ turn } = instruction);
    return instruction;
  };
  let now = await tell({ type: 'started' });
  while (now.do !== 'leave') {
    if (now.do !== 'wait') heard.push(...wordsOf(now));
    now = await follow(now, { tell, variant, callId, caller });
  }
  return { callId, heard, leave: now.leave };
}

interface Caller {
  readonly name: string;
  readonly ani: string;
  readonly keys?: string;
}

const wordsOf = ({ prompts }: Instruction): string[] =>
  (prompts as { sound?: string; text?: string }[]).map(({ sound, text }) => sound ?? text ?? '');

interface Following {
  readonly tell: (input: object) => Promise<Instruction>;
  readonly variant: Variant;
  readonly callId: string;
  readonly caller: Caller;
}

async function follow(now: Instruction, { tell, variant, callId, caller }: Following): Promise<Instruction> {
  if (now.do === 'read') return tell({ type: 'digits', digits: caller.keys ?? '' });
  if (now.do === 'play') {
    // The welcome lasts as long as the CRM needs.
    if (wordsOf(now).includes('custom/welcome')) await lookedUp(variant, callId);
    return tell({ type: 'played' });
  }
  const until = performance.now() + Number(now.remainingMs);
  return eventually(
    async () => {
      const next = await tell({ type: performance.now() < until ? 'variables-changed' : 'timeout' });
      return next.do !== 'wait' && next;
    },
    { what: 'the end of the wait' },
  );
}

const deliveriesOf = async (variant: Variant, callId: string): Promise<readonly Delivery[]> =>
  (
    await callRpc(
      world.bus,
      rpc.listDeliveries,
      { tenantId: tenantOf(variant), callId, limit: 50 },
      { timeoutMs: 3000 },
    )
  ).deliveries;
/** Automations that asked the CRM, and the mail server, as far as they are through. */
const succeeded = async (variant: Variant, callId: string): Promise<string[]> =>
  (await deliveriesOf(variant, callId))
    .filter(({ state }) => state === 'succeeded')
    .map(({ destination }) => destination.id)
    .toSorted();

async function lookedUp(variant: Variant, callId: string): Promise<void> {
  await eventually(async () => (await succeeded(variant, callId)).includes('look-up-number'), { what: 'the look-up' });
  if (variant === 'writes') await eventually(() => crms.get(variant)?.done(callId).length === 1);
}

async function offered(variant: Variant, { name, ani }: Caller): Promise<string> {
  const { callId, events } = answeredCall({ name, ani, startMs: Date.now() });
  const target = { url: () => world.service('call-ingest').url, token: tokens.get(variant) ?? '' };
  await postEvents(target, events.slice(0, 1));
  await eventually(async () => (await fetch(sessionUrl(callId), { headers: authorized(variant) })).status === 200);
  return callId;
}
const sessionUrl = (callId: string): string => `${world.service('session-store').url}/v1/calls/${callId}/session`;
async function sessionData(variant: Variant, callId: string): Promise<Record<string, unknown>> {
  const answer = await fetch(sessionUrl(callId), { headers: authorized(variant) });
  return ((await answer.json()) as { data: Record<string, unknown> }).data;
}

const mailsTo = (address: string) => mails.messages.filter(({ recipients }) => recipients.includes(address));
const premium = { to: 'queue', target: 'premium', returns: false };
const mailed = 'We have sent you an e-mail. With the link in it you see at any time where your order is.';

describe.each(variants)('tracking of orders with a CRM that %s', (variant) => {
  const ana = { name: `ana-${variant}`, ani: '+14155550123' };
  const unknown = (name: string, keys: string): Caller => ({ name: `${name}-${variant}`, ani: '+14155550199', keys });

  test('1, 2, 4: a premium customer is known by his number and goes to an agent', async () => {
    const { callId, heard, leave } = await callThrough(variant, ana);
    expect(leave).toEqual(premium);
    expect(heard).toEqual(['custom/welcome']);
    expect(await sessionData(variant, callId)).toMatchObject({
      'ivr.email': 'ana@example.com',
      'ivr.premium': true,
      'ivr.track_id': 'T-1',
    });
    expect(await succeeded(variant, callId)).toEqual(['look-up-number']);
    expect(mailsTo('ana@example.com')).toEqual([]);
  });

  test('1, 2, 5: one who is no premium customer gets an e-mail with his own link', async () => {
    const before = mailsTo('ben@example.com').length;
    const { callId, heard, leave } = await callThrough(variant, { name: `ben-${variant}`, ani: '+14155550124' });
    expect(leave).toEqual({ to: 'hangup' });
    expect(heard).toEqual(['custom/welcome', mailed, 'custom/about-orders']);
    const mail = await eventually(() => mailsTo('ben@example.com')[before], { what: 'the mail' });
    const { from, subject, text = '' } = mail.parsed;
    expect([mail.sender, from?.name, subject]).toEqual(['orders@shop.example', 'Orders', 'Your order']);
    expect(text.trim()).toBe('Dear Ben,\n\nwhere your order is you see at any time at\nhttps://shop.example/track/T-2');
    await eventually(async () => (await succeeded(variant, callId)).length === 2);
    expect(await succeeded(variant, callId)).toEqual(['look-up-number', 'shop']);
    expect(mailsTo('ben@example.com')).toHaveLength(before + 1);
  });

  test('3, 4: a number that nobody knows, and the reference of a premium customer', async () => {
    const { callId, heard, leave } = await callThrough(variant, unknown('cleo', '4711003'));
    expect(leave).toEqual(premium);
    expect(heard).toEqual(['custom/welcome', 'custom/enter-your-reference', 'Thank you, we are finding your profile.']);
    expect(await sessionData(variant, callId)).toMatchObject({
      'app.inputReader.reference': '4711003',
      'ivr.name': 'Cleo',
      'app.flow.state': { flow: 'order-tracking', module: 'agents', phase: 'left' },
    });
    expect(await succeeded(variant, callId)).toEqual(['look-up-number', 'look-up-reference']);
  });

  test('3, 5: the reference of one who is no premium customer', async () => {
    const before = mailsTo('dan@example.com').length;
    const { callId, heard, leave } = await callThrough(variant, unknown('dan', '4711004'));
    expect(leave).toEqual({ to: 'hangup' });
    expect(heard.slice(3)).toEqual([mailed, 'custom/about-orders']);
    const mail = await eventually(() => mailsTo('dan@example.com')[before], { what: 'the mail' });
    expect(mail.parsed.text).toContain('Dear Dan,');
    expect(mail.parsed.text).toContain('https://shop.example/track/T-4');
    const all = ['look-up-number', 'look-up-reference', 'shop'];
    await eventually(async () => (await succeeded(variant, callId)).join() === all.join());
  });

  test('a reference that nobody knows: he is told so, and the call has its end', async () => {
    const before = mails.messages.length;
    const { callId, heard, leave } = await callThrough(variant, unknown('nobody', '9999999'));
    expect(leave).toEqual({ to: 'hangup' });
    expect(heard.slice(3)).toEqual(['We could not find your order.', 'custom/about-orders']);
    expect(Object.keys(await sessionData(variant, callId)).filter((name) => name.startsWith('ivr.'))).toEqual([]);
    expect(mails.messages).toHaveLength(before);
  });

  test('the story of a call: what it came by, and what was due there; nothing of the caller', () => {
    const told = world.service('routing-decider').output();
    const lines = told.split('\n').filter((line) => line.includes(`c-t-dan-${variant}`));
    const story = lines.flatMap((line) => (JSON.parse(line) as { story?: { text: string }[] }).story ?? []);
    const texts = story.map(({ text }) => text);
    for (const name of ['look-up-number', 'look-up-reference', 'send-tracking-link'])
      expect(texts.filter((text) => text === `"${name}" is due at "enter"`)).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/dan@example\.com|4711004|14155550199/);
  });
});
