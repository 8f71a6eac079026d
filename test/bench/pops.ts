import { setTimeout as sleep } from 'node:timers/promises';
import { screenPopNews } from '@patchcord/contracts';
import { eventually, followServerSent, type ServerSentStream } from '@patchcord/testkit';
import type { BenchChild } from './child.ts';
import { median, percentile } from './statistics.ts';

/** From the moment a PBX posts that a phone rings to the moment the agent's browser is told what to show. */
export interface PopRow {
  readonly perSecond: number;
  readonly p50Ms: number[];
  readonly p99Ms: number[];
}

const agents = Array.from({ length: 20 }, (_, at) => String(2001 + at));
const forMs = 5000;
let calls = 0;

/** One round at one rate, in open loop, with a browser of each agent following its events. */
export async function measurePops(house: BenchChild, row: PopRow): Promise<void> {
  const due = new Map<string, number>();
  const tookMs: number[] = [];
  const hear = (callId: string): void => {
    const at = due.get(callId);
    if (at !== undefined) tookMs.push(performance.now() - at);
  };
  const browsers = await Promise.all(agents.map((agentId) => follow(house, agentId, hear)));
  const count = Math.round((row.perSecond * forMs) / 1000);
  const start = performance.now() + 100;
  const sent = Array.from({ length: count }, (_, at) => ring(house, due, start + (at * 1000) / row.perSecond));
  await Promise.all(sent);
  await eventually(() => tookMs.length >= count, { deadlineMs: 60_000, what: `${count} screen pops` });
  for (const browser of browsers) browser.leave();
  row.p50Ms.push(percentile(tookMs, 50));
  row.p99Ms.push(percentile(tookMs, 99));
}

/** A call that waits already, and then rings at an agent at the time that is due. */
async function ring(house: BenchChild, due: Map<string, number>, at: number): Promise<void> {
  calls += 1;
  const name = `pop-${process.pid}-${calls}`;
  const callId = `c-${name}`;
  const agentId = agents[calls % agents.length] ?? '';
  await sleep(Math.max(0, at - 500 - performance.now()));
  const legId = `l-${name}`;
  await post(house, callId, [
    ['offered', { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100', legId, pbxId: 'b' }],
    ['queued', { queue: 'pops', legId, position: 1 }],
  ]);
  await sleep(Math.max(0, at - performance.now()));
  due.set(callId, Math.max(at, performance.now()));
  await post(house, callId, [['agent-ringing', { agent: { agentId }, legId: `${legId}-agent`, queue: 'pops' }]]);
}

async function post(house: BenchChild, callId: string, events: readonly (readonly [string, object])[]): Promise<void> {
  const body = events.map(([event, data]) => ({
    specversion: '1.0',
    id: `${callId}.${event}`,
    source: '/bench',
    type: `patchcord.v1.call.${event}`,
    subject: callId,
    time: new Date().toISOString(),
    data,
  }));
  const answer = await fetch(`${house.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** Resolves when the stream has told its state; from then on nothing is missed. */
async function follow(house: BenchChild, agentId: string, hear: (callId: string) => void): Promise<ServerSentStream> {
  const url = `${house.consoleUrl}/v1/agents/${agentId}/events`;
  const stream = await followServerSent(url, { authorization: `Bearer ${house.token}` }, ({ event, data }) => {
    const news = event === 'screen-pop' ? screenPopNews.parse(JSON.parse(data)) : undefined;
    if (news?.news === 'offered') hear(news.pop.callId ?? '');
  });
  await eventually(() => stream.seen.length > 0, { what: `the state of agent ${agentId}` });
  return stream;
}

export function popLines(rows: readonly PopRow[]): string[] {
  const lines = rows.map(({ perSecond, p50Ms, p99Ms }) => {
    const cells = [median(p50Ms), median(p99Ms)].map((value) => value.toFixed(1).padStart(10));
    return `${''.padEnd(24)}${`${perSecond}/s`.padStart(10)}${cells.join('')}`;
  });
  const head = ['rate', 'p50', 'p99'].map((name) => name.padStart(10)).join('');
  return [`${'ringing to screen (ms)'.padEnd(24)}${head}`, ...lines];
}
