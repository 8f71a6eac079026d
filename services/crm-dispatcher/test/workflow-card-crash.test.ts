import { callRpc, type Served, serveRpc } from '@patchcord/bus';
import { type CardResultRequest, type RunWorkflowReply, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../../libs/connectors/test/crm/salesforce/fake.ts';
import { session } from './automation-scene.ts';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';
import { createProcesses } from './process.ts';
import { newRunId } from './workflow-scene.ts';

let fixture: Fixture;
let salesforce: FakeSalesforce;
let served: Served[];
const processes = createProcesses(() => fixture.servers);

beforeAll(async () => {
  [fixture, salesforce] = await Promise.all([startFixture(), startFakeSalesforce()]);
  salesforce.seed('Contact', { LastName: 'Ng', Phone: '+14155550123' });
  const headers = { authorization: 'Bearer 00Dxx0000001gPF!AQ' };
  const connection = { id: 'sf', name: 'SF', connector: 'salesforce', baseUrl: salesforce.url, headers };
  await fixture.config.put(tenantId, 'crm-connection', { ...connection, egress: onThisMachine });
  const workflow = { id: 'who', name: 'Who', type: 'search-by-phone', connection: 'sf', modules: ['Contact'] };
  await fixture.config.put(tenantId, 'crm-workflow', workflow);
  served = [
    serveRpc(fixture.bus, rpc.readSession, async ({ callId }) => ({
      outcome: 'found' as const,
      session: { ...session, tenantId, callId },
      etag: '1',
    })),
    serveRpc(fixture.bus, rpc.writeSession, async () => ({
      outcome: 'unchanged' as const,
      version: 1,
      etag: '1',
      data: {},
    })),
  ];
});
afterAll(async () => {
  await processes.killAll();
  await Promise.all(served.map((one) => one.stop()));
  await fixture.stop();
  await salesforce.close();
});

const run = (callId: string): Promise<RunWorkflowReply> =>
  callRpc(
    fixture.bus,
    rpc.runWorkflow,
    { tenantId, workflowId: 'who', runId: newRunId(), callId, input: {}, by: { kind: 'api' } },
    { timeoutMs: 20_000 },
  );

it('killed before the card was told of the result: the card never heard of it, unless somebody asked again', async () => {
  const first = await processes.start();
  const callId = newCallId();
  // Nobody keeps cards just now.
  expect(await run(callId)).toMatchObject({ outcome: 'found', records: [{ name: 'Ng' }] });
  const asked = salesforce.calls.length;
  await processes.kill(first);

  const cards: CardResultRequest[] = [];
  const cardServer = serveRpc(fixture.bus, rpc.cardResult, async (request) => {
    cards.push(request);
    return { outcome: 'stored' as const, cardId: request.callId, version: 1 };
  });
  served.push(cardServer);
  await processes.start();
  const told = await eventually(() => cards.find((one) => one.callId === callId), {
    deadlineMs: 80_000,
    what: 'the result on the card',
  });
  expect(told).toMatchObject({ run: { workflowId: 'who', by: 'api' }, reply: { outcome: 'found' } });
  expect(salesforce.calls.length).toBe(asked);
}, 150_000);
