import { connectRedis } from '@patchcord/runtime';
import { startRedis } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { createLatencySeries } from '../src/adapters/latency-series.ts';
import { figuresOf, latencyBoundsMs, latencyClass, sumOf } from '../src/domain/latency-classes.ts';
import { log } from './fixture.ts';

const minuteMs = 60_000;
/** 10:58, so that the next minutes are of another hour. */
const start = Date.parse('2026-11-21T10:58:00Z');
const minute = start / minuteMs;

async function ownRedis(): Promise<Redis> {
  const server = await startRedis();
  const redis = await connectRedis({ url: server.url, name: 'test', log });
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return redis;
}

test('latencies - each is of the class whose bound it does not pass; what is longer than all is of the last', () => {
  expect([0, 5, 5.1, 100, 101].map(latencyClass).map((at) => latencyBoundsMs[at])).toEqual([5, 5, 10, 100, 150]);
  expect(latencyBoundsMs[latencyClass(10_000_000)]).toBe(120_000);
});

test('latencies - percentiles are the bounds of the classes that they lie in; nothing asked has none', () => {
  const counts = (...durations: number[]) => ({
    classes: latencyBoundsMs.map((_, at) => durations.filter((ms) => latencyClass(ms) === at).length),
    failed: 0,
  });
  expect(figuresOf(counts())).toEqual({ requests: 0, failed: 0 });
  const ninety = Array.from({ length: 90 }, () => 8);
  const ten = Array.from({ length: 10 }, () => 900);
  expect(figuresOf(counts(...ninety, ...ten))).toEqual({ requests: 100, failed: 0, p50Ms: 10, p95Ms: 1000 });
  expect(figuresOf(sumOf([counts(8), { ...counts(900), failed: 1 }]))).toMatchObject({
    requests: 2,
    failed: 1,
    p50Ms: 10,
  });
});

test('latencies - replicas sum up, minute by minute and over an hour, and tenants stay apart', async () => {
  const redis = await ownRedis();
  let now = start;
  const [one, two] = [createLatencySeries(redis, () => now), createLatencySeries(redis, () => now)];
  one.asked('acme', 'site-hook', { durationMs: 8, failed: false });
  two.asked('acme', 'site-hook', { durationMs: 8, failed: true });
  two.asked('umbrella', 'site-hook', { durationMs: 3000, failed: true });
  await Promise.all([one.flush(), two.flush()]);
  now = start + 3 * minuteMs;
  one.asked('acme', 'site-hook', { durationMs: 300, failed: false });
  await one.flush();
  const read = (from: number, until: number, stepMinutes: number) =>
    two.read('acme', 'site-hook', { from, until, stepMinutes });
  const byMinute = await read(minute - 10, minute + 10, 1);
  expect(byMinute.map(({ at, counts }) => [at - start, figuresOf(counts)])).toEqual([
    [0, { requests: 2, failed: 1, p50Ms: 10, p95Ms: 10 }],
    [3 * minuteMs, { requests: 1, failed: 0, p50Ms: 300, p95Ms: 300 }],
  ]);
  expect((await read(minute - 10, minute + 10, 20)).map(({ counts }) => figuresOf(counts).requests)).toEqual([2, 1]);
  expect(await read(minute + 1, minute + 2, 1)).toEqual([]);
  expect([await one.keys('acme'), await one.keys('nobody')]).toEqual([['site-hook'], []]);
});

test('latencies - a day later they are forgotten: what is kept of a destination has a bound', async () => {
  const redis = await ownRedis();
  const series = createLatencySeries(redis);
  for (let at = 0; at < 500; at += 1) series.asked('acme', 'site-hook', { durationMs: at * 10, failed: true });
  await series.flush();
  const hours = await redis.keys('*latency:site-hook:*');
  expect(hours.length).toBeLessThanOrEqual(2);
  for (const key of hours) {
    expect(await redis.hlen(key)).toBeLessThanOrEqual(2 * (latencyBoundsMs.length + 1));
    expect(await redis.pttl(key)).toBeGreaterThan(0);
  }
});
