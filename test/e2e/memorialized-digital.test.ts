import { callRpc, storedMessages } from '@patchcord/bus';
import { type Memorialized, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../libs/connectors/test/crm/salesforce/fake.ts';
import { handedOnChat } from '../harness/digital.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

let world: World;
let salesforce: FakeSalesforce;
beforeAll(async () => {
  [salesforce, world] = await Promise.all([
    startFakeSalesforce(),
    startWorld({ services: ['call-ingest', 'crm-dispatcher', 'disposition'] }),
  ]);
  const kept = [...world.config.tenant(worldTenant)['api-token'].values()];
  await world.config.applyAll(worldTenant, [...kept.map((entity) => ({ kind: 'api-token', entity })), ...configured()]);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await salesforce?.close();
});

function configured() {
  const connection = {
    id: 'sf',
    name: 'Salesforce',
    connector: 'salesforce',
    baseUrl: salesforce.url,
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
    headers: { authorization: 'Bearer 00Dxx0000001gPF!AQ' },
    settings: { callKeyField: 'CTI_Call_Id__c' },
  };
  const fields = [
    { field: 'Title', channel: 'digital', text: '{digital.kind} by {agent.name}: {digital.endReason}' },
    { field: 'Ext_Id__c', channel: 'digital', item: 'transcript' },
    { field: 'FirstName', channel: 'voice', item: 'call.outcome' },
  ];
  const chats = { id: 'chats', name: 'Chats', connection: 'sf', entities: [{ module: 'Contact', fields }] };
  const campaign = { id: 'support', name: 'Support', match: { queues: ['support'] }, memorialize: ['chats'] };
  return [
    { kind: 'crm-connection', entity: connection },
    { kind: 'memorialization', entity: chats },
    { kind: 'campaign', entity: campaign },
  ];
}

async function memorialized(): Promise<Memorialized[]> {
  const told: Memorialized[] = [];
  for await (const message of storedMessages(world.bus, 'WORK_EVENTS', 'patchcord.v1.evt.*.memorialization.>'))
    told.push(message.json<{ data: Memorialized }>().data);
  return told;
}

test('a chat that is handed on: each segment is an entry, digital rows are written, and the card tells of it', async () => {
  const id = salesforce.seed('Contact', { LastName: 'Cora', MobilePhone: '+14155550123' });
  const target = { url: () => world.service('call-ingest').url, token: world.token, path: '/v1/digital-events' };
  await postEvents(target, handedOnChat('518'));
  const told = await eventually(
    async () => {
      const all = await memorialized();
      return new Set(all.map(({ interactionId }) => interactionId)).size === 2 && all;
    },
    { deadlineMs: 30_000, what: 'both segments' },
  );
  for (const { steps } of told) expect(steps.map(({ step }) => step).toSorted()).toEqual(['timeline', 'update']);
  await eventually(() => salesforce.loggedCalls().length === 2);
  for (const { about } of salesforce.loggedCalls()) expect(about).toContain(id);
  const values = salesforce.valuesOf('Contact', id);
  expect(values?.Title).toMatch(/^chat by (Ana: transferred|Bob: closed)$/);
  expect(values?.Ext_Id__c).toBe('Cora: Where is my parcel?');
  expect(values).not.toHaveProperty('FirstName');

  const [{ callId } = { callId: '' }] = told;
  const read = { tenantId: worldTenant, cardId: callId };
  await eventually(
    async () => {
      const { card } = await callRpc(world.bus, rpc.readCard, read, { timeoutMs: 3000 });
      const ours = card.activities.filter(({ name, by }) => name === 'Chats' && by === 'after-call');
      return ours.length === 2 && ours.every(({ outcome }) => outcome === 'written');
    },
    { deadlineMs: 15_000, what: 'what was written on the card' },
  );
}, 60_000);
