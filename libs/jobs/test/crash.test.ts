import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJobs, type Jobs } from '../src/index.ts';
import { fast, ticket, uniqueName } from './support.ts';

let redis: ServerProcess;
let jobs: Jobs;
beforeAll(async () => {
  redis = await startRedis({ appendOnly: true });
});
afterAll(() => redis.stop());
beforeEach(() => {
  jobs = createJobs({ redisUrl: redis.url });
});
afterEach(() => jobs.close());

/** Starts a worker process and resolves when it hangs in its job. */
async function hangingWorker(name: string, hangIn: 'handle' | 'onDead'): Promise<ChildProcess> {
  const args = [join(import.meta.dirname, 'held-job.ts'), redis.url, name, hangIn];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  expect(String(line)).toBe(`in ${hangIn}\n`);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('jobs after a crash', () => {
  it('killed in an attempt - another worker goes on within 10 s, and no attempt is charged', async () => {
    const name = uniqueName();
    const queue = jobs.queue(name, ticket, { schedule: fast });
    const started = hangingWorker(name, 'handle');
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await kill(await started);

    const attempts: number[] = [];
    const killedAt = Date.now();
    const worker = jobs.worker(name, ticket, {
      concurrency: 1,
      schedule: fast,
      handle: async (_job, ctx) => void attempts.push(ctx.attempt),
      onDead: async () => {},
    });
    await eventually(async () => (await queue.get('w.1'))?.state === 'succeeded', { deadlineMs: 10_000 });
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    expect(attempts).toEqual([1]);
    await worker.stop();
  });

  it('killed before the death is reported - the next process reports it, without another attempt', async () => {
    const name = uniqueName();
    const queue = jobs.queue(name, ticket, { schedule: fast });
    const started = hangingWorker(name, 'onDead');
    await queue.add({ n: 1 }, { jobId: 'w.1' });
    await kill(await started);

    const seen: string[] = [];
    const worker = jobs.worker(name, ticket, {
      concurrency: 1,
      schedule: fast,
      handle: async () => void seen.push('attempt'),
      onDead: async (_job, failure, ctx) => void seen.push(`dead ${failure.code} after ${ctx.attempt}`),
    });
    await eventually(async () => (await queue.get('w.1'))?.state === 'dead', { deadlineMs: 10_000 });
    expect(seen).toEqual(['dead http_400 after 1']);
    await worker.stop();
  });

  it('redis away - adding fails within seconds as own trouble; afterwards everything goes on', async () => {
    const name = uniqueName();
    const done: string[] = [];
    const queue = jobs.queue(name, ticket, { schedule: fast });
    const worker = jobs.worker(name, ticket, {
      concurrency: 5,
      schedule: fast,
      handle: async (_job, ctx) => void done.push(ctx.jobId),
      onDead: async () => {},
    });
    await queue.add({ n: 1 }, { jobId: 'w.before' });
    await queue.add({ n: 1 }, { jobId: 'w.delayed', delayMs: 1500 });
    await eventually(() => done.length === 1);

    await redis.kill();
    const begin = performance.now();
    await expect(queue.add({ n: 2 }, { jobId: 'w.lost' })).rejects.toMatchObject({
      class: 'own-trouble',
      code: 'redis_unavailable',
    });
    expect(performance.now() - begin).toBeLessThan(6000);
    await redis.restart();

    await eventually(() => queue.add({ n: 3 }, { jobId: 'w.after' }).then(() => true));
    await eventually(() => done.includes('w.after') && done.includes('w.delayed'), { deadlineMs: 10_000 });
    expect(done).not.toContain('w.lost');
    expect(worker.healthy()).toBe(true);
    await worker.stop();
  });

  it('redis away at the end - closing does not wait for it', async () => {
    const name = uniqueName();
    const going = createJobs({ redisUrl: redis.url });
    const handle = async (): Promise<void> => {};
    const worker = going.worker(name, ticket, { concurrency: 1, schedule: fast, handle, onDead: handle });
    await worker.ready();
    await going.queue(name, ticket, { schedule: fast }).add({ n: 1 }, { jobId: 'w.1' });
    await redis.kill();
    const begin = performance.now();
    await going.close();
    expect(performance.now() - begin).toBeLessThan(3000);
    await redis.restart();
  });

  it('redis away from the start - adding fails, and works once it is there', async () => {
    await redis.kill();
    const early = createJobs({ redisUrl: redis.url });
    const queue = early.queue(uniqueName(), ticket, { schedule: fast });
    await expect(queue.add({ n: 1 }, { jobId: 'w.1' })).rejects.toMatchObject({ class: 'own-trouble' });
    await redis.restart();
    await eventually(() => queue.add({ n: 1 }, { jobId: 'w.1' }).then(() => true));
    expect((await queue.get('w.1'))?.state).toBe('waiting');
    await early.close();
  });
});
