import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type RoutingDecision, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeSuiteCrm } from '../../libs/connectors/test/crm/suitecrm/fake.ts';
import { answeredCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider', 'disposition'] as const;
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const rows = ['Gold', 'Silver'].map((value) => ({
  operator: '=',
  value,
  destination: { type: 'queue', target: value.toLowerCase() },
}));
const rule = { name: 'Title', fieldName: 'title', rows, default: { type: 'voicemail', target: '100' }, egress };

let world: World;
let crm: FakeCrm;

beforeAll(async () => {
  crm = await startFakeSuiteCrm();
  world = await startWorld({ services, env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` } });
  const secret = { tenantId: worldTenant, id: 'suite-token', value: 'REDACTED.JWT.TOKEN' };
  await callRpc(world.bus, rpc.putSecret, secret, { timeoutMs: 5000 });
  const put = (kind: Parameters<typeof world.config.put>[1], entity: object) =>
    world.config.put(worldTenant, kind, entity);
  await put('site-authentication', { id: 'suite', name: 'Suite', kind: 'bearer', token: 'suite-token' });
  const connection = { id: 'suite', name: 'SuiteCRM', connector: 'suitecrm', baseUrl: crm.url };
  await put('crm-connection', { ...connection, authentication: 'suite', egress });
  await put('routing-rule', { ...rule, id: 'title', crm: { connection: 'suite', module: 'Contacts' } });
  await put('routing-rule', {
    ...rule,
    id: 'digits',
    crm: { connection: 'suite', module: 'Contacts', dtmfField: 'description' },
  });
  await put('routing-rule', { ...rule, id: 'nowhere', crm: { connection: 'suite', module: 'Notes' } });
  const campaign = world.config.tenant(worldTenant).campaign.get('support');
  await put('campaign', { ...campaign, records: ['suite'] });
  await eventually(async () => (await decide('nowhere', '+14155550100')).outcome === 'error');
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await crm?.close();
});

async function decide(id: string, ani: string, dtmf?: string): Promise<RoutingDecision> {
  const query = new URLSearchParams({ ani, ...(dtmf === undefined ? {} : { dtmf }) });
  const url = `${world.service('routing-decider').url}/v1/routing/${id}/decide?${query.toString()}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${world.token}` } });
  return (await answer.json()) as RoutingDecision;
}

test("PBXware's integration - a field of whoever has the number says where the call goes", async () => {
  crm.seed('Contacts', { first_name: 'Ada', last_name: 'Lovelace', phone_work: '(415) 555-0111', title: 'Gold' });
  expect(await decide('title', '+14155550111')).toMatchObject({ outcome: 'matched', value: 'Gold', row: 0 });
  expect(await decide('title', '+14155550112')).toMatchObject({ outcome: 'not-found' });
  expect(await decide('title', 'anonymous')).toMatchObject({ outcome: 'not-found' });
});

test('of two with the same number who are not alike, nobody is chosen', async () => {
  for (const title of ['Gold', 'Silver'])
    crm.seed('Contacts', { first_name: title, last_name: 'Twin', phone_mobile: '+14155550133', title });
  const decision = await decide('title', '+14155550133');
  expect(decision).toMatchObject({ outcome: 'error', destination: { type: 'voicemail', target: '100' } });
});

test('digits of the caller are looked for in the field that the rule names', async () => {
  crm.seed('Contacts', { first_name: 'Dee', last_name: 'Digits', title: 'Silver', description: '4711' });
  expect(await decide('digits', '+14155550199', '4711')).toMatchObject({ outcome: 'matched', value: 'Silver' });
});

test('a module in which the CRM keeps no numbers is an error that says which has them', async () => {
  const { outcome, reason } = await decide('nowhere', '+14155550111');
  expect([outcome, reason]).toEqual(['error', expect.stringContaining('Contacts')]);
});

test('after the call it is logged once, at the one who has the number', async () => {
  const call = answeredCall({ name: 'logged', startMs: Date.now() });
  const ani = (call.events[0]?.data as { ani?: string } | undefined)?.ani ?? '';
  const id = crm.seed('Contacts', { first_name: 'Joe', last_name: 'Caller', phone_mobile: ani });
  await postEvents({ url: () => world.service('call-ingest').url, token: world.token }, call.events);
  const isLinked = () => crm.loggedCalls().some(({ about }) => about.includes(id));
  await eventually(isLinked, { deadlineMs: 20_000, what: 'the call at the contact' });
  expect(crm.loggedCalls()).toMatchObject([{ direction: 'inbound', about: [id] }]);
});
