import { callRpc } from '@patchcord/bus';
import { type ActOnCardRequest, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answeredCall } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let cardId: string;
const timeoutMs = 5000;
const baseUrl = 'https://crm.example.com';
const workflow = (id: string, more: object) => ({ id, name: `The ${id}`, connection: 'main', ...more });

beforeAll(async () => {
  fixture = await startFixture();
  const put = (kind: Parameters<typeof fixture.config.put>[1], entity: object) =>
    fixture.config.put(tenantId, kind, entity);
  await put('crm-connection', { id: 'far', name: 'Far', connector: 'http-json', baseUrl });
  await put('crm-workflow', workflow('who', { type: 'search-by-phone' }));
  await put('crm-workflow', workflow('any', { type: 'search' }));
  await put('crm-workflow', workflow('vip', { type: 'search', module: 'Contact', equals: { Vip: true } }));
  await put('crm-workflow', workflow('off', { type: 'search-by-phone', enabled: false }));
  await put('crm-workflow', workflow('else', { type: 'search-by-phone', connection: 'far' }));
  await put('crm-workflow', workflow('note', { type: 'timeline' }));
  const values = { LastName: 'Unknown', Phone: '{call.from.number}' };
  await put('crm-workflow', workflow('new', { type: 'create', module: 'Contact', values }));
  const custom = { type: 'create-custom', module: 'Case', values: { Origin: 'Phone' }, inputFields: ['Subject'] };
  await put('crm-workflow', workflow('case', custom));
  await put('crm-workflow', workflow('keep', { type: 'update', module: 'Contact', values: { Note: '{input.text}' } }));
  const support = fixture.config.tenant(tenantId).campaign.get('support');
  await put('campaign', { ...support, workflows: { timeline: 'note', memorialize: 'keep' } });
  await fixture.startReplica();
  const call = answeredCall();
  cardId = call.callId;
  await fixture.publish(call.session());
  await eventually(() =>
    callRpc(fixture.bus, rpc.readCard, { tenantId, cardId }, { timeoutMs }).catch(() => undefined),
  );
}, 60_000);
afterAll(() => fixture?.stop());

const act = (requestId: string, action: ActOnCardRequest['action']) =>
  callRpc(
    fixture.bus,
    rpc.actOnCard,
    { tenantId, cardId, requestId, by: { kind: 'agent', id: 'agent:1001' }, action },
    { timeoutMs },
  );

it('a card tells what can be started from it: of the CRMs of its campaign, enabled, and with the fields to be filled in', async () => {
  const choices = await callRpc(fixture.bus, rpc.cardChoices, { tenantId, cardId }, { timeoutMs });
  expect(choices).toEqual({
    connections: [{ id: 'main', name: 'CRM', connector: 'http-json' }],
    searches: [
      { id: 'any', name: 'The any', connection: 'main', needs: 'filter' },
      { id: 'vip', name: 'The vip', connection: 'main', needs: 'nothing' },
      { id: 'who', name: 'The who', connection: 'main', needs: 'number' },
    ],
    timeline: { id: 'note', name: 'The note', connection: 'main' },
    memorialize: { id: 'keep', name: 'The keep', connection: 'main', fields: ['Note'] },
    creations: [
      {
        id: 'case',
        name: 'The case',
        connection: 'main',
        module: 'Case',
        fields: [
          { name: 'Subject', isPreset: false },
          { name: 'Origin', isPreset: true },
        ],
      },
      {
        id: 'new',
        name: 'The new',
        connection: 'main',
        module: 'Contact',
        fields: [
          { name: 'LastName', isPreset: true },
          { name: 'Phone', isPreset: true },
        ],
      },
    ],
  });
  const notHis = { tenantId, cardId, onlyOf: '1099' };
  await expect(callRpc(fixture.bus, rpc.cardChoices, notHis, { timeoutMs })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('a search of the configuration can be started from a card, once for each request; nothing else can be as one', async () => {
  const started = await act('r-1', { kind: 'search', workflow: 'any', search: { entity: 'Lead', filter: 'a = 1' } });
  expect(await act('r-1', { kind: 'search', workflow: 'any', search: { entity: 'Lead', filter: 'a = 1' } })).toEqual(
    started,
  );
  const { card } = await callRpc(fixture.bus, rpc.readCard, { tenantId, cardId }, { timeoutMs });
  expect(card.activities.filter(({ workflowId }) => workflowId === 'any')).toMatchObject([
    { name: 'The any', by: 'agent' },
  ]);
  for (const workflow of ['off', 'new', 'nothing'])
    await expect(act(`r-${workflow}`, { kind: 'search', workflow })).rejects.toMatchObject({ code: 'no_workflow' });
});
