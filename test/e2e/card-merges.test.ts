import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type Card, digitalCallIdOf, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { digitalContactEvents } from '../harness/digital.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition', 'console'] as const;
const agents = { 1001: mintToken(worldTenant), 1002: mintToken(worldTenant) };
type AgentId = keyof typeof agents;
const deadlineMs = 20_000;

let world: World;
let crm: FakeCrm;

beforeAll(async () => {
  const espo = crmFakes.find(({ connector }) => connector === 'espocrm');
  if (espo === undefined) throw new TypeError('there is no EspoCRM to be had');
  crm = await espo.start();
  world = await startWorld({ services, env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` } });
  const { authentication, connection, secrets } = connectionTo(espo, crm);
  for (const [id, value] of Object.entries(secrets))
    await callRpc(world.bus, rpc.putSecret, { tenantId: worldTenant, id, value }, { timeoutMs: 5000 });
  const put = (kind: Parameters<typeof world.config.put>[1], entity: object) =>
    world.config.put(worldTenant, kind, entity);
  if (authentication !== undefined) await put('site-authentication', authentication);
  await put('crm-connection', connection);
  await put('crm-workflow', {
    id: 'note',
    name: 'Note',
    type: 'timeline',
    connection: 'espocrm',
    notes: '{input.text}',
  });
  const campaign = world.config.tenant(worldTenant).campaign.get('support');
  await put('campaign', { ...campaign, records: ['espocrm'], workflows: { timeline: 'note' } });
  const scopes = ['contacts:read', 'dispositions:write'];
  for (const [agentId, { sha256 }] of Object.entries(agents))
    await put('api-token', { id: `desk-${agentId}`, name: 'Desk', sha256, scopes, agentId });
  await eventually(async () => (await api('1002', 'GET', '')).status === 200);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await crm?.close();
});

async function api(agentId: `${AgentId}`, method: 'GET' | 'POST', path: string, body?: object) {
  const answer = await fetch(`${world.service('console').url}/v1/agent/cards${path}`, {
    method,
    headers: {
      authorization: `Bearer ${agents[Number(agentId) as AgentId].token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': 'pressed-once' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as unknown };
}

const cardWhere = (agentId: `${AgentId}`, id: string, right: (card: Card) => boolean): Promise<Card> =>
  eventually(
    async () => {
      const { status, json } = await api(agentId, 'GET', `/${id}`);
      return status === 200 && right(json as Card) && (json as Card);
    },
    { deadlineMs, what: `card ${id}` },
  );

type Step = readonly [event: string, data: object];

function call(name: string, ani = '+14155550100') {
  const callId = `c-t-${name}`;
  let told = 0;
  const tell = async (...steps: Step[]): Promise<void> => {
    const events = steps.map(([event, data]) => {
      told += 1;
      return {
        specversion: '1.0',
        id: `${callId}.${told}`,
        source: '/pbx/t',
        type: `patchcord.v1.call.${event}`,
        subject: callId,
        time: new Date(Date.now() + told).toISOString(),
        sequence: String(told),
        data,
      };
    });
    await postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events);
  };
  const legId = `l-t-${name}`;
  const part = (agentId: string) => ({ agent: { agentId }, legId: `${legId}-${agentId}`, queue: 'support' });
  const offered: Step[] = [
    ['offered', { direction: 'inbound', ani, dnis: '+12025550100', legId, pbxId: 't' }],
    ['queued', { queue: 'support', legId, position: 1 }],
  ];
  const ended: Step = ['ended', { endedBy: 'customer', reason: 'hangup' }];
  return { callId, tell, part, offered, ended };
}

async function answered(name: string, ani: string, agentId: string) {
  const one = call(name, ani);
  await one.tell(...one.offered, ['agent-ringing', one.part(agentId)], ['answered', one.part(agentId)]);
  return one;
}

const digitalTarget = () => ({
  url: () => world.service('call-ingest').url,
  token: world.token,
  path: '/v1/digital-events',
});

/** Mails of somebody, before an agent and not closed, then closed. */
const mailOf = (contactId: string, email: string) =>
  digitalContactEvents(contactId, [
    { name: 'digitalOpened', data: { kind: 'email', customer: { email }, queue: 'support' } },
    { name: 'digitalAssigned', data: { segmentId: '1', agent: { agentId: '1002', name: 'Bob' } } },
    { name: 'digitalClosed', data: { by: 'agent' } },
  ]);

/** At whom each entry stands in which this is written. EspoCRM names a person as the parent and as a participant. */
const loggedOf = (text: string): string[][] =>
  crm
    .loggedCalls()
    .filter((one) => one.text.includes(text))
    .map(({ about }) => [...new Set(about)]);
const person = (lastName: string, more: object) => crm.seed('Contact', { firstName: 'Ann', lastName, ...more });

test('the timeline action of a card - one entry at the linked record, however often it is pressed', async () => {
  const ann = person('Line', { phoneNumber: '+14155550161' });
  const { callId } = await answered('line', '+14155550161', '1001');
  await cardWhere('1001', callId, ({ current }) => current.some(({ id }) => id === ann));
  const text = 'wants a refund by Friday';
  const pressed = await Promise.all([1, 2].map(() => api('1001', 'POST', `/${callId}/actions/timeline`, { text })));
  expect(pressed.map(({ status }) => status)).toEqual([202, 202]);
  expect(pressed[0]?.json).toEqual(pressed[1]?.json);
  const { activities, current } = await cardWhere('1001', callId, ({ activities: all }) =>
    all.some(({ workflowId, outcome }) => workflowId === 'note' && outcome === 'written'),
  );
  expect(activities.filter(({ workflowId }) => workflowId === 'note')).toMatchObject([{ by: 'agent', name: 'Note' }]);
  // What was written is no customer.
  expect(current.map(({ id }) => id)).toEqual([ann]);
  expect(loggedOf(text)).toEqual([[ann]]);
  // Whoever is not on the card writes nothing.
  expect((await api('1002', 'POST', `/${callId}/actions/timeline`, { text })).status).toBe(404);
}, 60_000);

test('a mail whose customer calls - one card of both, and both are written where that says', async () => {
  const ann = person('Both', { phoneNumber: '+14155550162' });
  const mail = mailOf('m-1', 'nobody.knows@example.com');
  await postEvents(digitalTarget(), mail.slice(0, 2));
  const digital = digitalCallIdOf('m-1');
  await cardWhere('1002', digital, ({ channel }) => channel === 'digital');
  const voice = await answered('both', '+14155550162', '1002');
  await cardWhere('1002', voice.callId, ({ current }) => current.length === 1);
  const merged = await api('1002', 'POST', `/${digital}/merge`, { from: voice.callId });
  expect([merged.status, merged.json]).toMatchObject([200, { outcome: 'changed' }]);
  const one = await cardWhere('1002', voice.callId, ({ cardId }) => cardId === digital);
  expect(one).toMatchObject({ channel: 'digital', state: 'open', merged: [voice.callId], current: [{ id: ann }] });
  expect((await api('1002', 'POST', `/${digital}/merge`, { from: voice.callId })).json).toMatchObject({
    outcome: 'unchanged',
  });
  await voice.tell(['agent-released', { ...voice.part('1002'), endedBy: 'customer' }], voice.ended);
  await postEvents(digitalTarget(), mail.slice(2));
  await cardWhere('1002', digital, ({ state }) => state === 'over');
  await eventually(() => crm.loggedCalls().filter(({ about }) => about.includes(ann)).length === 2, { deadlineMs });
  expect(loggedOf('nobody.knows@example.com')).toEqual([[ann]]);
}, 60_000);

test('a mail of somebody whom the CRM knows by his address alone - it was logged at nobody', async () => {
  const ann = person('Mail', { emailAddress: 'ann.mail@example.com' });
  person('Other', { emailAddress: 'other@example.com' });
  const mail = mailOf('m-2', 'Ann.Mail@example.com');
  await postEvents(digitalTarget(), mail.slice(0, 2));
  // Her card shows her while the mail is open, too.
  const { activities } = await cardWhere('1002', digitalCallIdOf('m-2'), ({ current }) => current[0]?.id === ann);
  expect(activities).toMatchObject([{ name: 'Search by mail address', outcome: 'found', text: '1 record' }]);
  await postEvents(digitalTarget(), mail.slice(2));
  await eventually(() => loggedOf('Ann.Mail@example.com').length > 0, { deadlineMs, what: 'the mail in the CRM' });
  expect(loggedOf('Ann.Mail@example.com')).toEqual([[ann]]);
}, 60_000);

test('a consult call that the PBX merges - its card becomes part of the customer’s by itself', async () => {
  const ann = person('Consulted', { phoneNumber: '+14155550163' });
  const customer = await answered('customer', '+14155550199', '1001');
  await cardWhere('1001', customer.callId, ({ agents: all }) => all.includes('1001'));
  const consult = await answered('consult', '+14155550163', '1002');
  await cardWhere('1002', consult.callId, ({ current }) => current.some(({ id }) => id === ann));
  await consult.tell(['merged', { intoCallId: customer.callId }]);
  const whole = await cardWhere('1002', consult.callId, ({ cardId }) => cardId === customer.callId);
  expect(whole).toMatchObject({ agents: ['1001', '1002'], state: 'open', merged: [consult.callId] });
  expect(whole.current.map(({ id, linked }) => [id, linked])).toEqual([[ann, true]]);
  expect(whole.changes).toMatchObject([{ what: 'merge', by: 'card', cardId: consult.callId }]);
  await customer.tell(['agent-released', { ...customer.part('1001'), endedBy: 'customer' }], customer.ended);
  await cardWhere('1001', customer.callId, ({ state }) => state === 'over');
}, 60_000);
