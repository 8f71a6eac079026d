import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@patchcord/contracts';
import { eventually, type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AttemptContext, createJobs, type Jobs, type RetryNotice, type WorkerOptions } from '../src/index.ts';
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

interface Seen {
  readonly attempts: AttemptContext[];
  readonly dead: { job: Ticket; failure: Failure; ctx: AttemptContext }[];
  readonly retries: RetryNotice[];
}

/** A queue with a worker whose attempts end as `handle` says. */
function setUp(handle: (attempt: number) => void | Promise<void>, more: Partial<WorkerOptions<Ticket>> = {}) {
  const name = uniqueName();
  const seen: Seen = { attempts: [], dead: [], retries: [] };
  const queue = jobs.queue(name, ticket, { schedule: fast });
  const worker = jobs.worker(name, ticket, {
    concurrency: 5,
    schedule: fast,
    handle: async (_job, ctx) => {
      seen.attempts.push(ctx);
      await handle(seen.attempts.length);
    },
    onDead: async (job, failure, ctx) => void seen.dead.push({ job, failure, ctx }),
    onRetry: async (_job, notice) => void seen.retries.push(notice),
    ...more,
  });
  const state = async (jobId: string): Promise<string | undefined> => (await queue.get(jobId))?.state;
  const until = (jobId: string, wanted: string): Promise<unknown> =>
    eventually(async () => (await state(jobId)) === wanted, { what: `job ${jobId} ${wanted}` });
  return { name, queue, worker, seen, until };
}

const fail = (failure: Failure) => (): never => {
  throw failure;
};
const transient = new Failure('transient', 'http_500', 'answered 500');
const permanent = new Failure('permanent', 'http_400', 'answered 400');

describe('jobs', () => {
  it('add - a job is done once, and adding its id again is a no-op while it is remembered', async () => {
    const { queue, seen, until } = setUp(() => {});
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await until('w.1', 'succeeded');
    await queue.addAll([
      { job: { n: 1 }, jobId: 'w.1' },
      { job: { n: 2 }, jobId: 'w.2' },
    ]);
    await until('w.2', 'succeeded');
    expect(seen.attempts.map((ctx) => ctx.jobId)).toEqual(['w.1', 'w.2']);
  });

  it('add - refuses a job that does not fit the schema, and none of its batch is added', async () => {
    const { queue } = setUp(() => {});
    const bad = { n: 'one' } as unknown as Ticket;
    const adding = queue.addAll([
      { job: { n: 1 }, jobId: 'w.good' },
      { job: bad, jobId: 'w.bad' },
    ]);
    await expect(adding).rejects.toMatchObject({ class: 'permanent', code: 'job_invalid' });
    expect(await queue.get('w.good')).toBeUndefined();
  });

  it.each(['delayed', 'w:1', '17', ''])('add - refuses %j as an id', async (jobId) => {
    const adding = setUp(() => {}).queue.add({ n: 1 }, { jobId });
    await expect(adding).rejects.toMatchObject({ class: 'permanent', code: 'job_id_invalid' });
  });

  it('add - waits as long as it is told, and a waiting job can be taken out', async () => {
    const { queue, seen, until } = setUp(() => {});
    await queue.add({ n: 1 }, { jobId: 'w.late', delayMs: 3_600_000 });
    await queue.add({ n: 1 }, { jobId: 'w.soon', delayMs: 50 });
    await until('w.soon', 'succeeded');
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0, delayed: 1, dead: 0 });
    expect([await queue.remove('w.late'), await queue.remove('w.late')]).toEqual([true, false]);
    expect(seen.attempts).toHaveLength(1);
  });

  it('transient failure - goes through the schedule, then is dead and said to be so', async () => {
    const { queue, seen, until } = setUp(fail(transient));
    await queue.add({ n: 7 }, { jobId: 'w.1' });
    await until('w.1', 'dead');
    expect(seen.attempts.map((ctx) => ctx.attempt)).toEqual([1, 2, 3]);
    expect(seen.retries.map(({ attempt, counted }) => ({ attempt, counted }))).toEqual([
      { attempt: 1, counted: true },
      { attempt: 2, counted: true },
    ]);
    expect(seen.dead).toMatchObject([
      { job: { n: 7 }, failure: { code: 'http_500' }, ctx: { attempt: 3, jobId: 'w.1' } },
    ]);
    expect(await queue.deadCount()).toBe(1);
  });

  it('throttled - waits until the time given and costs no attempt', async () => {
    const retryAt = new Date(Date.now() + 300);
    const startedAt: number[] = [];
    const { queue, seen, until } = setUp((call) => {
      startedAt.push(Date.now());
      if (call <= 4) throw new Failure('throttled', 'http_429', '', { retryAt });
    });
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await until('w.1', 'succeeded');
    expect(new Set(seen.attempts.map((ctx) => ctx.attempt))).toEqual(new Set([1]));
    expect(seen.attempts.length).toBe(5);
    expect(startedAt[1]).toBeGreaterThanOrEqual(retryAt.getTime());
    expect(seen.retries[0]).toMatchObject({ counted: false });
  });

  it('permanent failure - dead at once', async () => {
    const { queue, seen, until } = setUp(fail(permanent));
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await until('w.1', 'dead');
    expect(seen.attempts).toHaveLength(1);
    expect((await queue.get('w.1'))?.failedReason).toBe('http_400: answered 400');
  });

  it('dead - is reported again until that succeeds, without another attempt', async () => {
    let reports = 0;
    const { queue, seen, until } = setUp(fail(permanent), {
      onDead: async () => {
        reports += 1;
        if (reports === 1) throw new Error('dead letters not reachable');
      },
    });
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await eventually(() => reports === 1);
    expect((await queue.get('w.1'))?.state).not.toBe('dead');
    await until('w.1', 'dead');
    expect(reports).toBe(2);
    expect(seen.attempts).toHaveLength(1);
  });

  it('replay - starts a new series under the same id although the dead job is kept', async () => {
    let healed = false;
    const { queue, seen, until } = setUp(() => {
      if (!healed) throw permanent;
    });
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await until('w.1', 'dead');
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    expect((await queue.get('w.1'))?.state).toBe('dead');

    healed = true;
    expect(await queue.replay('w.1')).toBe('replayed');
    await until('w.1', 'succeeded');
    expect(seen.attempts.map(({ attempt, series }) => ({ attempt, series }))).toEqual([
      { attempt: 1, series: 1 },
      { attempt: 1, series: 2 },
    ]);
    expect([await queue.replay('w.1'), await queue.replay('w.never')]).toEqual(['not-dead', 'gone']);
  });

  it('replay - gives the whole schedule again, and dies again', async () => {
    const { queue, seen, until } = setUp(fail(transient));
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await until('w.1', 'dead');
    await queue.replay('w.1');
    await eventually(() => seen.dead.length === 2);
    expect(seen.attempts.map((ctx) => ctx.attempt)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('limiter - starts no more jobs than allowed', async () => {
    const { queue, seen } = setUp(() => {}, { limiter: { max: 2, durationMs: 400 } });
    const begin = Date.now();
    await queue.addAll(Array.from({ length: 6 }, (_, n) => ({ job: { n }, jobId: `w.${n}` })));
    await eventually(() => seen.attempts.length === 6);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(750);
  });

  it('depth - tells how much waits and since when, and the queue is found by its name', async () => {
    const name = uniqueName();
    const queue = jobs.queue(name, ticket, { schedule: fast });
    expect(await queue.oldestAgeMs()).toBeUndefined();
    await queue.addAll([
      { job: { n: 1 }, jobId: 'w.a' },
      { job: { n: 2 }, jobId: 'w.b' },
    ]);
    await eventually(async () => ((await queue.oldestAgeMs()) ?? 0) > 5);
    expect(await queue.depth()).toEqual({ waiting: 2, active: 0, delayed: 0, dead: 0 });
    expect(await jobs.queueNames()).toContain(name);
  });

  it('heldUntil - takes no further jobs until then, is healthy all the while, and then does all of them', async () => {
    const until = Date.now() + 700;
    const {
      queue,
      worker,
      seen,
      until: becomes,
    } = setUp(
      () => {
        if (Date.now() < until)
          throw new Failure('throttled', 'busy_now', 'everybody waits', { retryAt: new Date(until) });
      },
      { concurrency: 2, heldUntil: ({ code }) => (code === 'busy_now' ? until : undefined) },
    );
    const ids = Array.from({ length: 40 }, (_, at) => `w.${at}`);
    await queue.addAll(ids.map((jobId, n) => ({ job: { n }, jobId })));
    await eventually(() => seen.retries.length > 0);
    await eventually(() => Date.now() >= until - 100);
    // Those that were taken together with the first one.
    expect(seen.attempts.length).toBeLessThanOrEqual(4);
    expect(worker.healthy()).toBe(true);
    for (const jobId of ids) await becomes(jobId, 'succeeded');
    expect(seen.attempts.length).toBeLessThanOrEqual(44);
    expect(worker.healthy()).toBe(true);
  });

  it('heldUntil - one job at a time tries again, until one ends otherwise', async () => {
    const closedUntil = Date.now() + 700;
    let [atOnce, mostAtOnce] = [0, 0];
    const { queue, seen, until } = setUp(
      async () => {
        const retryAt = new Date(Date.now() + 100);
        if (Date.now() < closedUntil) throw new Failure('throttled', 'busy_now', 'everybody waits', { retryAt });
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await sleep(20);
        atOnce -= 1;
      },
      { concurrency: 5, heldUntil: ({ retryAt }) => retryAt?.getTime() },
    );
    const ids = Array.from({ length: 40 }, (_, at) => `w.${at}`);
    await queue.addAll(ids.map((jobId, n) => ({ job: { n }, jobId })));
    for (const jobId of ids) await until(jobId, 'succeeded');
    // Up to ten at first, then one every 100 ms.
    expect(seen.retries.length).toBeLessThanOrEqual(18);
    expect(mostAtOnce).toBe(5);
  });

  it('heldUntil - a worker that is held can be stopped at once, and what waits is done by another one', async () => {
    const until = Date.now() + 60_000;
    const { name, queue, worker, seen } = setUp(
      fail(new Failure('throttled', 'busy_now', 'everybody waits', { retryAt: new Date(Date.now() + 50) })),
      { concurrency: 1, heldUntil: () => until },
    );
    await queue.addAll([1, 2, 3].map((n) => ({ job: { n }, jobId: `w.${n}` })));
    await eventually(() => seen.retries.length === 1);
    await worker.stop();
    const done: number[] = [];
    jobs.worker(name, ticket, {
      concurrency: 1,
      schedule: fast,
      handle: async ({ n }) => void done.push(n),
      onDead: async () => {},
    });
    await eventually(() => done.length === 3);
    expect(worker.healthy()).toBe(false);
    expect(seen.attempts.length).toBe(1);
  });

  it('stop - lets a running job finish, and leaves the rest for others', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { queue, worker, seen } = setUp(() => gate, { concurrency: 1 });
    await queue.addAll([
      { job: { n: 1 }, jobId: 'w.a' },
      { job: { n: 2 }, jobId: 'w.b' },
    ]);
    await eventually(() => seen.attempts.length === 1);
    const stopped = worker.stop();
    release();
    await stopped;
    expect([(await queue.get('w.a'))?.state, (await queue.get('w.b'))?.state]).toEqual(['succeeded', 'waiting']);
  });

  it('stop - does not wait longer than its grace', async () => {
    const { queue, worker, seen } = setUp(() => sleep(3000));
    await queue.add({ n: 1 }, { jobId: 'w.a' });
    await eventually(() => seen.attempts.length === 1);
    const begin = performance.now();
    await worker.stop(100);
    expect(performance.now() - begin).toBeLessThan(1500);
  });
});
