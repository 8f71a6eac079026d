import { Agent, request } from 'undici';
import { percentile } from './statistics.ts';

export interface RoutingTarget {
  readonly url: string;
  readonly headers: Record<string, string>;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Latency of `count` GETs, `concurrency` of them at once. */
export async function measureRequests(target: RoutingTarget, count: number, concurrency: number): Promise<Latency> {
  const agent = new Agent({ connections: concurrency });
  const tookMs: number[] = [];
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const started = performance.now();
      const answer = await request(target.url, { headers: target.headers, dispatcher: agent });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${target.url} answered ${answer.statusCode}: ${text}`);
      tookMs.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  await agent.close();
  return { p50Ms: percentile(tookMs, 50), p99Ms: percentile(tookMs, 99) };
}
