import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordClaims } from '../src/adapters/record-claims.ts';
import { createWorkflowRuns } from '../src/adapters/workflow-runs.ts';
import { tenantId } from './call.ts';
import { log } from './fixture.ts';
import { isCreate, newRunId, type Scene, startScene } from './workflow-scene.ts';

let scene: Scene;
let redis: Redis;
beforeAll(async () => {
  scene = await startScene();
  redis = await connectRedis({ url: scene.fixture.servers.redis.url, name: 'test', log });
  const contact = { connection: 'sf', module: 'Contact' };
  const values = { LastName: '{input.text}', Phone: '+14155550123' };
  await scene.workflow('make', { ...contact, type: 'create', values });
  await scene.workflow('unique', { ...contact, type: 'create', values, unique: 'LastName' });
  await scene.workflow('look', { type: 'search-by-phone', connection: 'sf', modules: ['Lead'] });
  await scene.workflow('change', { ...contact, type: 'update', values: { MobilePhone: '{input.text}' } });
  await scene.workflow('note', {
    type: 'timeline',
    connection: 'sf',
    recordFrom: ['input'],
    notes: '{input.text}',
    values: { Priority: '{input.phoneNumber}' },
  });
});
afterAll(async () => {
  redis.disconnect();
  await scene.stop();
});

const made = (text: string) =>
  scene.salesforce.calls.filter((call) => isCreate('Contact')(call) && call.body.includes(text)).length;
const differs = { outcome: 'failed', failure: { class: 'permanent', code: 'run_differs' } };

describe('workflows - a run that was started with something else', () => {
  it('had the answer to the first question: it is refused', async () => {
    const runId = newRunId();
    const input = { values: { FirstName: 'Eva', Email: 'eva@example.com' }, text: 'First' };
    const first = await scene.run('make', { runId, input });
    expect(first).toMatchObject({ outcome: 'written' });
    expect(await scene.run('make', { runId, input: { text: 'Second' } })).toMatchObject(differs);
    expect(await scene.run('make', { runId, input, callId: scene.newCall() })).toMatchObject(differs);
    expect(made('Second')).toBe(0);
    // The order of the fields says nothing; another workflow has runs of its own.
    const turned = { text: 'First', values: { Email: 'eva@example.com', FirstName: 'Eva' } };
    expect(await scene.run('make', { runId, input: turned })).toMatchObject({ outcome: 'written' });
    expect(await scene.run('look', { runId, input: { phoneNumber: '+14155550124' } })).toMatchObject({ records: [] });
    const state = await callRpc(
      scene.fixture.bus,
      rpc.workflowRun,
      { tenantId, workflowId: 'make', runId },
      { timeoutMs: 3000 },
    );
    expect(state).toMatchObject({ state: 'ended', reply: { outcome: 'written' } });
  });

  it('had, asked for at the same time, the answer of whoever came first', async () => {
    const runId = newRunId();
    const texts = ['Left', 'Right', 'Left', 'Right', 'Left', 'Right'];
    const replies = await Promise.all(texts.map((text) => scene.run('make', { runId, input: { text } })));
    const names = replies.map((one) => (one.outcome === 'written' ? one.record.name : one.outcome));
    const [winner] = names.filter((name) => name !== 'failed');
    expect(names).toEqual(texts.map((text) => (text === winner ? text : 'failed')));
    expect(made('Left') + made('Right')).toBe(1);
  });

  it('of a flow, whose values change while it waits, goes on; with the call of another it does not', async () => {
    const by = { kind: 'flow' as const, id: 'f' };
    const started = { runId: newRunId(), callId: scene.newCall(), by };
    const first = await scene.run('make', { ...started, input: { text: 'Flow' } });
    expect(await scene.run('make', { ...started, input: { text: 'Later' } })).toMatchObject({
      outcome: 'written',
      record: { id: first.outcome === 'written' ? first.record.id : '' },
    });
    const callId = scene.newCall();
    expect(await scene.run('make', { ...started, callId, input: { text: 'Flow' } })).toMatchObject(differs);
    // It waits for what is in its session, also for this.
    expect(scene.written.find((one) => one.callId === callId)).toMatchObject({
      changes: { 'app.workflows.make': { run: started.runId, outcome: 'failed', code: 'run_differs' } },
    });
  });
});

describe('workflows - values that are too long', () => {
  const long = 'x'.repeat(200);

  it('were refused by the CRM with all the others: they are cut, and each field says so', async () => {
    const reply = await scene.run('make', { input: { text: `Cut ${long}`, values: { FirstName: 'Short' } } });
    expect(reply).toMatchObject({
      outcome: 'written',
      fields: expect.arrayContaining([
        { field: 'LastName', outcome: 'cut' },
        { field: 'FirstName', outcome: 'written' },
      ]),
    });
    const id = reply.outcome === 'written' ? reply.record.id : '';
    const { LastName } = scene.salesforce.valuesOf('Contact', id) as { LastName: string };
    expect([LastName.length, LastName.slice(0, 5), LastName.slice(-5)]).toEqual([80, 'Cut x', '[cut]']);
    const record = { module: 'Contact', id };
    expect(await scene.run('change', { input: { record, text: long } })).toMatchObject({
      fields: [{ field: 'MobilePhone', outcome: 'cut' }],
    });
  });

  it('of an entry: its notes and its own fields', async () => {
    const input = { text: 'n'.repeat(32_500), phoneNumber: '+1415555'.padEnd(60, '0') };
    const reply = await scene.run('note', { input });
    expect(reply).toMatchObject({ outcome: 'written' });
    expect(reply.outcome === 'written' && reply.fields).toEqual(
      expect.arrayContaining([
        { field: 'Priority', outcome: 'cut' },
        { field: 'notes', outcome: 'cut' },
      ]),
    );
  });

  it('would have been taken for the same as another: by one that is cut nothing is looked for', async () => {
    const reply = await scene.run('unique', { input: { text: `Same ${long}` } });
    expect(reply).toMatchObject({ outcome: 'failed', failure: { class: 'permanent', code: 'value_too_long' } });
    expect(JSON.stringify(reply)).not.toContain(long);
    expect(made('Same')).toBe(0);
  });
});

describe('workflows - a record with a unique field', () => {
  it('was made twice when the process that wrote it was killed and the CRM was still at it', async () => {
    const runs = createWorkflowRuns(redis);
    const run = { tenantId, workflowId: 'unique', runId: newRunId() };
    const plan = {
      type: 'create' as const,
      module: 'Contact',
      values: { LastName: 'Slow' },
      empty: [],
      unique: { field: 'LastName', value: 'Slow' },
    };
    const writing = { startedAt: new Date().toISOString(), phase: 'writing' as const, isFinal: false, plan };
    const left = async (writingAt: number) => {
      await runs.take(run, 'a process that is no more');
      await runs.note(run, 'a process that is no more', { ...writing, writingAt });
      await runs.release(run, 'a process that is no more');
    };
    await left(Date.now() - 1000);
    const asked = { runId: run.runId, budgetMs: 3000 };
    expect(await scene.run('unique', asked)).toMatchObject({ outcome: 'failed', failure: { code: 'crm_index_lag' } });
    expect(made('Slow')).toBe(0);
    await left(Date.now() - 600_000);
    expect(await scene.run('unique', asked)).toMatchObject({ outcome: 'written', again: false });
    expect(made('Slow')).toBe(1);
  });

  it('could not be made for ten minutes after somebody deleted it in the CRM', async () => {
    const record = { tenantId, connection: 'sf', module: 'Contact', field: 'LastName', value: 'Deleted' };
    const deleted = { module: 'Contact', id: '003000000000999AAA' };
    await createRecordClaims(redis).end(record, 'an earlier run', deleted);
    const reply = await scene.run('unique', { input: { text: 'Deleted' } });
    expect(reply).toMatchObject({ outcome: 'written', again: false, record: { name: 'Deleted' } });
    expect(made('Deleted')).toBe(1);
  });
});
