import { serveRpc } from '@patchcord/bus';
import { emptySession, type RunWorkflowRequest, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type ConsoleFixture, refusalOf, startConsole } from './fixture.ts';

/** Stands where crm-dispatcher stands, and writes down what it was asked. */
function serveRuns({ bus }: ConsoleFixture): RunWorkflowRequest[] {
  const asked: RunWorkflowRequest[] = [];
  const served = [
    serveRpc(bus, rpc.runWorkflow, async (request) => {
      asked.push(request);
      if (request.runId === 'taken') {
        const failure = { class: 'permanent', code: 'run_differs', message: 'started with something else' } as const;
        return { outcome: 'failed' as const, failure, durationMs: 1 };
      }
      return { outcome: 'found' as const, records: [], durationMs: 12 };
    }),
    serveRpc(bus, rpc.workflowRun, async ({ runId }) =>
      runId === 'known'
        ? { state: 'running' as const, startedAt: '2026-11-20T23:41:25.200Z' }
        : { state: 'unknown' as const },
    ),
  ];
  onTestFinished(async () => {
    await Promise.all(served.map((one) => one.stop()));
  });
  return asked;
}

const connection = {
  name: 'Sales',
  connector: 'salesforce',
  baseUrl: 'https://acme.my.salesforce.com',
  settings: {},
};
const contact = { name: 'Contact', type: 'create', connection: 'sf', module: 'Contact' };

async function started() {
  const fixture = await startConsole();
  const token = await fixture.token();
  const put = (kind: string, id: string, body: object) =>
    fixture.request(`/v1/config/${kind}/${id}`, { method: 'PUT', token, body });
  await put('crm-connection', 'sf', connection);
  return { fixture, token, put };
}

test('workflows - run by the API as NICE starts them; the same key is the same run', async () => {
  const { fixture, put } = await started();
  const asked = serveRuns(fixture);
  expect(
    (await put('crm-workflow', 'who', { name: 'Who', type: 'search-by-phone', connection: 'sf' })).status,
  ).toBeLessThan(300);
  const token = await fixture.token('acme', 'routing:decide');
  const run = (body: object, headers = {}, id = 'who') =>
    fixture.request(`/v1/workflows/${id}/run`, { method: 'POST', token, body, headers });
  const first = await eventually(async () => {
    const response = await run(
      { workflowInput: { phoneNumber: '+14155550123' }, timeoutMilliSec: '6000' },
      { 'idempotency-key': 'a b' },
    );
    return response.status === 200 ? response : undefined;
  });
  expect(await first.json()).toMatchObject({ outcome: 'found', records: [], runId: expect.stringMatching(/^k-/) });
  await run({ workflowInput: {}, callId: 'c-1' }, { 'idempotency-key': 'a b' });
  await run({ workflowInput: {}, runId: 'mine' });
  expect(asked.slice(-3)).toMatchObject([
    {
      tenantId: 'acme',
      workflowId: 'who',
      input: { phoneNumber: '+14155550123' },
      budgetMs: 6000,
      by: { kind: 'api' },
    },
    { callId: 'c-1' },
    { runId: 'mine' },
  ]);
  expect(asked.at(-3)?.runId).toBe(asked.at(-2)?.runId);
  expect((await refusalOf(await run({ workflowInput: {} }, {}, 'none'))).status).toBe(404);
  expect(await refusalOf(await run({ workflowInput: {}, runId: 'taken' }))).toMatchObject({
    status: 409,
    code: 'run_differs',
  });
  const hostile = { workflowInput: { record: { module: 'Contact', id: '../../admin' } } };
  expect((await refusalOf(await run(hostile))).status).toBe(400);
  const state = (runId: string) => fixture.request(`/v1/workflows/who/runs/${runId}`, { token });
  expect(await (await state('known')).json()).toMatchObject({ state: 'running' });
  expect((await refusalOf(await state('none'))).status).toBe(404);
  const reader = await fixture.token('acme', 'sessions:read');
  expect((await fixture.request('/v1/workflows/who/runs/known', { token: reader })).status).toBe(403);
});

test('workflows - a standard create takes the standard fields of its CRM, and says which', async () => {
  const { put } = await started();
  const wrong = await refusalOf(
    await put('crm-workflow', 'c', { ...contact, values: { LastName: 'x', Nickname: 'y' } }),
  );
  expect(wrong.status).toBe(422);
  expect(JSON.stringify(wrong)).toContain('values.Nickname');
  expect(JSON.stringify(wrong)).toContain('create-custom');
  const missing = await refusalOf(await put('crm-workflow', 'c', { ...contact, values: { FirstName: 'x' } }));
  expect(JSON.stringify(missing)).toContain('values.LastName');
  const module = await refusalOf(
    await put('crm-workflow', 'c', { ...contact, module: 'Task', values: { Subject: 'x' } }),
  );
  expect(JSON.stringify(module)).toContain('Work');
  expect((await put('crm-workflow', 'c', { ...contact, values: { LastName: '{call.from}' } })).status).toBeLessThan(
    300,
  );
  const custom = { ...contact, type: 'create-custom', values: { Nickname: 'y' } };
  expect((await put('crm-workflow', 'd', custom)).status).toBeLessThan(300);
});

test('workflows - a flow names one that is there, and a way for each of its outcomes', async () => {
  const { put } = await started();
  await put('crm-workflow', 'who', { name: 'Who', type: 'search-by-phone', connection: 'sf' });
  const flow = (module: object) => ({
    name: 'Flow',
    start: 'who',
    modules: [
      { id: 'who', type: 'crm-workflow', otherwise: 'end', ...module },
      { id: 'end', type: 'hangup' },
    ],
  });
  const unknown = await refusalOf(await put('flow', 'f', flow({ workflow: 'nobody', next: 'end' })));
  expect(JSON.stringify(unknown)).toContain('an existing crm-workflow');
  const branch = await refusalOf(await put('flow', 'f', flow({ workflow: 'who', found: 'end' })));
  expect(JSON.stringify(branch)).toContain('modules[0].several');
  expect((await put('flow', 'f', flow({ workflow: 'who', next: 'end' }))).status).toBeLessThan(300);
});

test('workflows - who acts for one agent ran them for calls of others, and read what became of all runs', async () => {
  const { fixture, put } = await started();
  const asked = serveRuns(fixture);
  const session = (agentId: string) => ({
    ...emptySession({ tenantId: 'acme', callId: 'c-1' }),
    interactions: [
      { interactionId: 'i-1', legId: 'l-1', agent: { agentId }, state: 'talking' as const, holdMs: 0, holds: 0 },
    ],
  });
  const served = [
    serveRpc(fixture.bus, rpc.readSession, async ({ callId }) =>
      callId === 'c-none'
        ? { outcome: 'unknown' as const }
        : { outcome: 'found' as const, session: session(callId === 'c-own' ? '1001' : '1002'), etag: '1' },
    ),
  ];
  onTestFinished(async () => {
    await Promise.all(served.map((one) => one.stop()));
  });
  await put('crm-workflow', 'who', { name: 'Who', type: 'search-by-phone', connection: 'sf' });
  const { token, sha256 } = mintToken('acme');
  const bound = { id: 'desk', name: 'Desk', sha256, scopes: ['routing:decide'], agentId: '1001' };
  await fixture.config.put('acme', 'api-token', bound);
  const run = (body: object) => fixture.request('/v1/workflows/who/run', { method: 'POST', token, body });
  await eventually(async () => (await run({})).status === 200);
  const before = asked.length;
  expect((await run({ callId: 'c-other' })).status).toBe(404);
  expect((await run({ callId: 'c-none' })).status).toBe(404);
  expect(asked).toHaveLength(before);
  const own = await run({ callId: 'c-own', runId: 'known' });
  expect(await own.json()).toMatchObject({ outcome: 'found', runId: 'agent-1001.known' });
  expect(asked.at(-1)).toMatchObject({ runId: 'agent-1001.known', by: { kind: 'agent', id: '1001' } });
  // The run of that name is another's.
  expect((await fixture.request('/v1/workflows/who/runs/known', { token })).status).toBe(404);
});
