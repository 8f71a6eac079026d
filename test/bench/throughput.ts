import { eventually } from '@patchcord/testkit';
import { sendAll, sendAtRate, type Target } from './load.ts';

export interface Contestant extends Target {
  readonly name: string;
}

export interface SinkStats {
  readonly posts: number;
  readonly distinct: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const ask = async (sinkUrl: string, path: string): Promise<SinkStats> =>
  (await (await fetch(`${sinkUrl}${path}`)).json()) as SinkStats;

async function arrived(sinkUrl: string, count: number): Promise<SinkStats> {
  const all = async (): Promise<SinkStats | undefined> => {
    const stats = await ask(sinkUrl, '/stats');
    return stats.distinct >= count ? stats : undefined;
  };
  return eventually(all, { deadlineMs: 120_000, what: `${count} posts at the sink` });
}

/** Events per second from the first HTTP request to the last POST at the sink, as fast as the contestant takes them. */
export async function measureThroughput(contestant: Contestant, sinkUrl: string, count: number): Promise<number> {
  await ask(sinkUrl, '/reset');
  const started = performance.now();
  await sendAll(contestant, count, 32);
  await arrived(sinkUrl, count);
  return (count * 1000) / (performance.now() - started);
}

/** Latency from the time an event is due to its POST at the sink, at a fixed rate in open loop. */
export async function measureLatency(
  contestant: Contestant,
  sinkUrl: string,
  load: { perSecond: number; forMs: number },
): Promise<SinkStats> {
  await ask(sinkUrl, '/reset');
  const count = await sendAtRate(contestant, load.perSecond, load.forMs);
  return arrived(sinkUrl, count);
}
