import { Failure } from '@patchcord/contracts';
import { eventually, type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type FlowJob, type Jobs } from '../src/index.ts';
import { fast, type Ticket, ticket, uniqueName } from './support.ts';

let redis: ServerProcess;
let jobs: Jobs;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  jobs = createJobs({ redisUrl: redis.url });
});
afterEach(() => jobs.close());

const policy = { schedule: fast };

function setUp() {
  const [rootQueue, stepQueue] = [uniqueName(), uniqueName()];
  const steps: number[] = [];
  const ended: unknown[][] = [];
  const sorted = () => steps.toSorted((a, b) => a - b);
  const refused = new Set<number>();
  const queue = jobs.queue(stepQueue, ticket, policy);
  const roots = jobs.queue(rootQueue, ticket, policy);
  const worker = { concurrency: 5, schedule: fast, onDead: async () => {} };
  const startSteps = () =>
    jobs.worker(stepQueue, ticket, {
      ...worker,
      handle: async ({ n }) => {
        steps.push(n);
        if (refused.has(n)) throw new Failure('permanent', 'http_400', 'answered 400');
        return { n };
      },
    });
  jobs.worker(rootQueue, ticket, {
    ...worker,
    handle: async (_job, _ctx, results) => void ended.push([...(await results())]),
  });
  const step = (n: number): FlowJob<Ticket> => ({
    queue: stepQueue,
    schema: ticket,
    policy,
    job: { n },
    jobId: `s.${n}`,
  });
  const root: FlowJob<Ticket> = { queue: rootQueue, schema: ticket, policy, job: { n: 0 }, jobId: 'root.0' };
  const add = (...numbers: number[]) => jobs.addFlow({ root, children: numbers.map(step) });
  const parent = { queue: rootQueue, jobId: 'root.0' };
  return { queue, roots, steps, sorted, ended, refused, startSteps, add, parent };
}

const dead = (n: number, { queue }: Pick<ReturnType<typeof setUp>, 'queue'>): Promise<unknown> =>
  eventually(async () => (await queue.get(`s.${n}`))?.state === 'dead');

describe('flow', () => {
  it('add - the root is done once, after all that it waits for, and has their results', async () => {
    const { add, ended, startSteps } = setUp();
    await add(1, 2);
    startSteps();
    await eventually(() => ended.length > 0);
    expect(ended).toEqual([expect.arrayContaining([{ n: 1 }, { n: 2 }])]);
  });

  it('add - again, before or after it is over, does nothing twice', async () => {
    const { add, ended, sorted, startSteps, roots } = setUp();
    await add(1, 2);
    await add(1, 2);
    startSteps();
    await eventually(async () => (await roots.get('root.0'))?.state === 'succeeded');
    await add(1, 2);
    expect([ended.length, sorted()]).toEqual([1, [1, 2]]);
    expect(await roots.depth()).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  });

  it('dead - one does not stop the others; replayed it is done alone, and the root with it', async () => {
    const scene = setUp();
    scene.refused.add(1);
    await scene.add(1, 2);
    scene.startSteps();
    await dead(1, scene);
    await eventually(async () => (await scene.queue.get('s.2'))?.state === 'succeeded');
    expect(scene.ended).toEqual([]);
    scene.refused.clear();
    await scene.queue.replay('s.1');
    await eventually(() => scene.ended.length > 0);
    expect(scene.ended).toEqual([expect.arrayContaining([{ n: 1 }, { n: 2 }])]);
    expect(scene.sorted()).toEqual([1, 1, 2]);
  });

  it('giveUp - the root goes on with the result that a dead one was given, without another attempt', async () => {
    const scene = setUp();
    scene.refused.add(1);
    await scene.add(1);
    scene.startSteps();
    await dead(1, scene);
    expect(await scene.queue.giveUp('s.1', { discarded: true })).toBe('replayed');
    await eventually(() => scene.ended.length > 0);
    expect([scene.ended, scene.steps]).toEqual([[[{ discarded: true }]], [1]]);
  });

  it('parent - a step adds others that the root then waits for, and the same again does nothing', async () => {
    const scene = setUp();
    await scene.add(1);
    const { queue, parent } = scene;
    await queue.addAll([2, 3].map((n) => ({ job: { n }, jobId: `s.${n}`, parent })));
    await queue.addAll([2, 3].map((n) => ({ job: { n }, jobId: `s.${n}`, parent })));
    scene.startSteps();
    await eventually(() => scene.ended.length > 0);
    expect(scene.ended[0]).toHaveLength(3);
    expect(scene.sorted()).toEqual([1, 2, 3]);
  });

  it('parent - one that is gone keeps nobody from being added', async () => {
    const { queue, steps, startSteps } = setUp();
    await queue.add({ n: 7 }, { jobId: 's.7', parent: { queue: 'q-nowhere', jobId: 'root.9' } });
    startSteps();
    await eventually(() => steps.length > 0);
    expect(steps).toEqual([7]);
  });
});
