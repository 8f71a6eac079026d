import { callRpc } from '@patchcord/bus';
import { dispatchJob, queues, recordRetry, rpc, type WorkflowJob } from '@patchcord/contracts';
import { createJobs } from '@patchcord/jobs';
import { connectRedis } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkflowRuns, type RunNote, type WorkflowRuns } from '../src/adapters/workflow-runs.ts';
import { tenantId } from './call.ts';
import { log } from './fixture.ts';
import { isCreate, newRunId, type Scene, startScene } from './workflow-scene.ts';

let scene: Scene;
let redis: Redis;
let runs: WorkflowRuns;
beforeAll(async () => {
  scene = await startScene();
  redis = await connectRedis({ url: scene.fixture.servers.redis.url, name: 'test', log });
  runs = createWorkflowRuns(redis);
  const values = { LastName: '{input.text}', Phone: '+14155550123' };
  const contact = { connection: 'sf', module: 'Contact', values };
  await scene.workflow('make', { ...contact, type: 'create' });
  await scene.workflow('unique', { ...contact, type: 'create', unique: 'LastName' });
  await scene.workflow('note', { type: 'timeline', connection: 'sf', recordFrom: ['input'], notes: '{input.text}' });
  await scene.workflow('espo-note', {
    type: 'timeline',
    connection: 'espo',
    recordFrom: ['input'],
    notes: '{input.text}',
  });
  await scene.workflow('look', { type: 'search-by-phone', connection: 'sf', modules: ['Lead'], timeoutMs: 300 });
});
afterAll(async () => {
  redis.disconnect();
  await scene.stop();
});

const named = (module: string, text: string) =>
  scene.salesforce.calls.filter((call) => isCreate(module)(call) && call.body.includes(text)).length;
const stateOf = (workflowId: string, runId: string) =>
  callRpc(scene.fixture.bus, rpc.workflowRun, { tenantId, workflowId, runId }, { timeoutMs: 3000 });

describe('workflows - each run once', () => {
  it('asked for many times at once it is done once, and all are told the same', async () => {
    const runId = newRunId();
    const asked = Array.from({ length: 8 }, () => scene.run('make', { runId, input: { text: 'Once' } }));
    const records = (await Promise.all(asked)).map((one) => (one.outcome === 'written' ? one.record.id : one));
    expect(new Set(records).size).toBe(1);
    expect(named('Contact', 'Once')).toBe(1);
    expect(await stateOf('make', runId)).toMatchObject({ state: 'ended', reply: { outcome: 'written' } });
    expect(await stateOf('make', newRunId())).toEqual({ state: 'unknown' });
  });

  it('late: whoever waits goes on, the record is made once, and session, card and the same run know of it', async () => {
    const { salesforce, newCall, run, cards, written } = scene;
    const callId = newCall();
    const started = {
      callId,
      runId: newRunId(),
      input: { text: 'Late' },
      by: { kind: 'flow' as const, id: 'f' },
      budgetMs: 300,
    };
    const release = holdUp(isCreate('Contact'));
    expect(await run('make', started)).toMatchObject({ outcome: 'timeout' });
    await eventually(() => written.some((one) => one.callId === callId && outcomeIn(one, 'make') === 'timeout'));
    release();
    const again = await eventually(async () => {
      const reply = await run('make', { ...started, budgetMs: 2000 });
      return reply.outcome === 'written' ? reply : undefined;
    });
    expect(named('Contact', 'Late')).toBe(1);
    expect(salesforce.valuesOf('Contact', again.record.id)).toMatchObject({ LastName: 'Late' });
    const card = await eventually(() => cards.find((one) => one.callId === callId && one.reply.outcome === 'written'));
    expect(card).toMatchObject({ reply: { record: { id: again.record.id } } });
    await eventually(() => written.some((one) => one.callId === callId && outcomeIn(one, 'make') === 'done'));
  });

  it('a search that is late is called off', async () => {
    scene.salesforce.failNext('hang', ({ path }) => path.includes('search'));
    expect(await scene.run('look', { callId: scene.newCall() })).toMatchObject({ outcome: 'timeout' });
    expect(await scene.run('look', { callId: scene.newCall() })).toMatchObject({ outcome: 'found' });
  });
});

describe('workflows - an answer that was lost', () => {
  it('of a record without a key: it is never repeated by itself', async () => {
    const started = { runId: newRunId(), input: { text: 'Lost' }, budgetMs: 3000 };
    scene.salesforce.failNext('lost-answer', isCreate('Contact'));
    expect(await scene.run('make', started)).toMatchObject({ outcome: 'failed', failure: { code: 'write_unknown' } });
    expect(await scene.run('make', started)).toMatchObject({ outcome: 'failed', failure: { code: 'write_unknown' } });
    expect(named('Contact', 'Lost')).toBe(1);
  });

  it('of one with a unique field: it is looked for, and there is one', async () => {
    const started = { runId: newRunId(), input: { text: 'LostUnique' }, budgetMs: 3000 };
    scene.salesforce.failNext('lost-answer', isCreate('Contact'));
    expect(await scene.run('unique', started)).toMatchObject({ outcome: 'failed', failure: { class: 'transient' } });
    expect(await scene.run('unique', started)).toMatchObject({ outcome: 'written', again: true });
    expect(named('Contact', 'LostUnique')).toBe(1);
  });

  it.each([
    ['note', () => scene.salesforce, 'Task'],
    ['espo-note', () => scene.espo, 'Call'],
  ] as const)('of an entry (%s): it is looked for, and there is one', async (workflowId, crm, module) => {
    const started = { runId: newRunId(), input: { text: `lost ${workflowId}` } };
    crm().failNext('lost-answer', isCreate(module));
    expect(await scene.run(workflowId, started)).toMatchObject({ outcome: 'failed' });
    expect(await scene.run(workflowId, started)).toMatchObject({ outcome: 'written' });
    expect(
      crm()
        .loggedCalls()
        .filter(({ text }) => text.includes(`lost ${workflowId}`)),
    ).toHaveLength(1);
  });

  it('nothing was sent: it is tried again', async () => {
    await scene.fixture.config.put(tenantId, 'crm-connection', {
      id: 'away',
      name: 'Away',
      connector: 'salesforce',
      baseUrl: 'http://127.0.0.1:1',
      egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
    });
    await scene.workflow('away', { type: 'create', connection: 'away', module: 'Contact', values: { LastName: 'X' } });
    const reply = await scene.run('away');
    expect(reply).toMatchObject({ outcome: 'failed', failure: { class: 'transient', code: 'connection_refused' } });
  });
});

describe('workflows - a process that was killed', () => {
  const startedAt = '2026-11-20T23:41:25.200Z';
  const plan = (text: string): NonNullable<RunNote['plan']> => ({
    type: 'create',
    module: 'Contact',
    values: { LastName: text },
    empty: [],
  });
  const left = async (workflowId: string, note: RunNote): Promise<string> => {
    const runId = newRunId();
    const run = { tenantId, workflowId, runId };
    await runs.take(run, 'a process that is no more');
    await runs.note(run, 'a process that is no more', note);
    await runs.release(run, 'a process that is no more');
    return runId;
  };

  it('before it wrote: another one writes what had been settled, not what it would settle now', async () => {
    const runId = await left('make', { startedAt, phase: 'begun', isFinal: false, plan: plan('Settled') });
    expect(await scene.run('make', { runId, input: { text: 'Otherwise' }, budgetMs: 3000 })).toMatchObject({
      outcome: 'written',
      record: { name: 'Settled' },
    });
  });

  it('while it wrote: another one does not write again', async () => {
    const writingAt = Date.now() - 1000;
    const runId = await left('make', { startedAt, phase: 'writing', writingAt, isFinal: false, plan: plan('Between') });
    expect(await stateOf('make', runId)).toMatchObject({ state: 'running' });
    expect(await scene.run('make', { runId })).toMatchObject({ outcome: 'failed', failure: { code: 'write_unknown' } });
    expect(named('Contact', 'Between')).toBe(0);
  });

  it('after it wrote: another one tells of what is there', async () => {
    const id = scene.salesforce.seed('Contact', { LastName: 'There' });
    const ref = { module: 'Contact', id };
    const runId = await left('make', { startedAt, phase: 'written', ref, isFinal: false, plan: plan('There') });
    const callId = scene.newCall();
    expect(await scene.run('make', { runId, callId, budgetMs: 3000 })).toMatchObject({
      outcome: 'written',
      record: { id, name: 'There' },
    });
    expect(named('Contact', 'There')).toBe(0);
    await eventually(() => scene.cards.some((one) => one.callId === callId));
  });

  it('whoever asks meanwhile waits until it is sure that it is gone', async () => {
    const run = { tenantId, workflowId: 'make', runId: newRunId() };
    await runs.take(run, 'a process that hangs');
    expect(await scene.run('make', { runId: run.runId, input: { text: 'Waits' }, budgetMs: 300 })).toMatchObject({
      outcome: 'timeout',
    });
    expect(named('Contact', 'Waits')).toBe(0);
    await runs.release(run, 'a process that hangs');
    expect(await scene.run('make', { runId: run.runId, input: { text: 'Waits' } })).toMatchObject({
      outcome: 'written',
    });
  });
});

describe('workflows - of an automation', () => {
  it('is a job: an answer that was lost is looked for, and revisions of an entry are one entry', async () => {
    const jobs = createJobs({ redisUrl: scene.fixture.servers.redis.url });
    await scene.fixture.config.put(tenantId, 'automation', {
      id: 'auto',
      name: 'Auto',
      action: { type: 'crm-workflow', workflow: 'note' },
    });
    const destination = { kind: 'automation', id: 'auto' } as const;
    const callId = scene.newCall();
    const job: WorkflowJob = {
      kind: 'workflow',
      workId: `w.${callId}.auto`,
      tenantId,
      callId,
      destination,
      cause: 'automation',
      occurredAt: new Date().toISOString(),
      series: 1,
      workflowId: 'note',
      input: { text: 'by itself' },
      automation: { id: 'auto' },
      entry: { key: `a-${callId}`, revision: 1 },
    };
    scene.salesforce.failNext('lost-answer', isCreate('Task'));
    const queue = jobs.queue(queues.crmDispatch(tenantId, 'automation-auto'), dispatchJob, { schedule: recordRetry });
    await queue.add(job, { jobId: job.workId });
    const row = await scene.fixture.until(job.workId, 'succeeded');
    expect(row).toMatchObject({ method: 'RUN', url: 'workflow:note' });
    expect(row.attempts.length).toBeGreaterThan(1);
    // A disposition that changes is written into the same entry, and an earlier revision not over it.
    const later = {
      ...job,
      workId: `${job.workId}.r2`,
      input: { text: 'changed' },
      entry: { key: `a-${callId}`, revision: 2 },
    };
    await queue.add(later, { jobId: later.workId });
    await scene.fixture.until(later.workId, 'succeeded');
    const again = { ...job, workId: `${job.workId}.late` };
    await queue.add(again, { jobId: again.workId });
    await scene.fixture.until(again.workId, 'discarded');
    const logged = scene.salesforce.loggedCalls().filter(({ text }) => /by itself|changed/.test(text));
    expect(logged.map(({ text }) => /by itself|changed/.exec(text)?.[0])).toEqual(['changed']);
    await jobs.close();
  });
});

const outcomeIn = ({ changes }: { readonly changes: Record<string, unknown> }, workflowId: string): unknown =>
  (changes[`app.workflows.${workflowId}`] as { readonly outcome?: string } | undefined)?.outcome;

/** The next request that fits is answered when the test says so. */
function holdUp(fits: Parameters<Scene['salesforce']['failNext']>[1]): () => void {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  scene.salesforce.failNext({ until }, fits);
  return release;
}
