import { setTimeout as sleep } from 'node:timers/promises';
import { callIdOf, legIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { agiCaller } from './agi-caller.ts';
import { type Arrivals, askAtOnce, askAtRate, type Caller, newNumber } from './callers.ts';
import type { BenchChild } from './child.ts';
import { hangingBudgetMs, hangingRules } from './hanging.ts';
import { openHttpCaller } from './http-caller.ts';
import { processorMs } from './processor.ts';
import { percentile } from './statistics.ts';

/** The load, without anybody in it. */
export type RoutingLoad =
  | { readonly kind: 'at-once'; readonly callers: number }
  | { readonly kind: 'at-rate'; readonly callers: number; readonly perSecond: number };

const ways = ['direct', 'floor', 'http', 'fastagi'] as const;
/**
 * `direct`: the same questions straight to the CRM, which is what they cost without us. `floor`: over HTTP, NATS and HTTP
 * by two processes that do nothing else, which is what they cost at least where a decision has two processes.
 */
export type Way = (typeof ways)[number];

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Processor time of all services for one question. */
  readonly processorMs: number;
}

/** Each way under each load, one latency a round. */
export interface RoutingRow {
  readonly load: RoutingLoad;
  readonly latency: Readonly<Record<Way, Latency[]>>;
}

/** How long after the end of their budget all of 200 callers had their answer from a CRM that hangs. */
export interface LatenessRow {
  readonly way: Exclude<Way, 'direct' | 'floor'>;
  readonly budgetMs: number;
  readonly latency: Omit<Latency, 'processorMs'>[];
}

export interface RoutingMeasurements {
  readonly rows: readonly RoutingRow[];
  readonly late: readonly LatenessRow[];
}

const callersOnTheLine = 200;
const loads: readonly RoutingLoad[] = [
  { kind: 'at-once', callers: 1 },
  { kind: 'at-once', callers: 20 },
  { kind: 'at-once', callers: callersOnTheLine },
  ...[100, 200, 400].map((perSecond) => ({ kind: 'at-rate' as const, callers: callersOnTheLine, perSecond })),
];
/** All ask in the same instant so many times. */
const bursts = 10;
/** Between two of those instants, for each caller (ms). */
const pauseMs = 2;
const rateForMs = 3000;
const pbxId = 'bench';

export interface RoutingPlaces {
  /** The services that no caller waits for, in one process. */
  readonly house: BenchChild;
  readonly decider: BenchChild;
  readonly dispatcher: BenchChild;
  /** Asked over HTTP, it asks the next. */
  readonly floor: BenchChild;
  readonly floorAsker: BenchChild;
  readonly sinkUrl: string;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/** Decisions by a CRM that takes 50 ms, and by one that hangs. */
export async function measureRouting(places: RoutingPlaces): Promise<RoutingMeasurements> {
  await knownCalls(places.house);
  const line = await openLine(places);
  const rows = loads.map((load): RoutingRow => ({ load, latency: { direct: [], floor: [], http: [], fastagi: [] } }));
  try {
    for (const way of ways) await measure(line[way], { kind: 'at-once', callers: callersOnTheLine });
    for (let round = 0; round < places.rounds; round += 1) {
      places.say(`routing, round ${round + 1} of ${places.rounds}`);
      for (const { load, latency } of rows) {
        for (const way of ways) latency[way].push(await measured(places, () => measure(line[way], load)));
      }
    }
  } finally {
    for (const caller of Object.values(line).flat()) caller.close();
  }
  return { rows, late: await measureLateness(places) };
}

async function measure(line: readonly Caller[], load: RoutingLoad): Promise<number[]> {
  const callers = line.slice(0, load.callers);
  if (load.kind === 'at-rate') return askAtRate(callers, arrivalsOf(load.perSecond));
  const tookMs: number[] = [];
  for (let burst = 0; burst < bursts; burst += 1) tookMs.push(...(await settled(askAtOnce(callers))));
  return tookMs;
}

const arrivalsOf = (perSecond: number): Arrivals => ({ perSecond, forMs: rateForMs });

/** What follows from the answers, such as writing them into sessions, is not a part of the next ones. */
async function settled(answers: Promise<number[]>): Promise<number[]> {
  const tookMs = await answers;
  await sleep(tookMs.length * pauseMs);
  return tookMs;
}

async function measured(
  { house, decider, dispatcher, floor, floorAsker }: RoutingPlaces,
  ask: () => Promise<number[]>,
): Promise<Latency> {
  const pids = [house, decider, dispatcher, floor, floorAsker].map(({ pid }) => pid);
  const used = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  const before = used();
  const tookMs = await ask();
  return { ...latencyOf(tookMs), processorMs: (used() - before) / tookMs.length };
}

const latencyOf = (tookMs: readonly number[]): Omit<Latency, 'processorMs'> => ({
  p50Ms: percentile(tookMs, 50),
  p99Ms: percentile(tookMs, 99),
  maxMs: Math.max(...tookMs),
});

const linkedIds = Array.from({ length: callersOnTheLine }, (_, at) => `1795218080.${at}`);

type Line = Readonly<Record<Way, readonly Caller[]>>;

async function openLine({ decider, floor, sinkUrl }: RoutingPlaces): Promise<Line> {
  const bare = (url: string, path: string) => () =>
    openHttpCaller({
      url,
      headers: {},
      path: () => `${path}=${encodeURIComponent(newNumber())}`,
      expected: ['"GOLD"'],
    });
  return {
    direct: await Promise.all(linkedIds.map(bare(sinkUrl, '/lookup?caller'))),
    floor: await Promise.all(linkedIds.map(bare(floor.url, '/decide?ani'))),
    http: await Promise.all(linkedIds.map((id) => httpCaller(decider, { rule: 'plan', outcomes: ['matched'], id }))),
    fastagi: linkedIds.map((id) => dialplan(decider, { rule: 'plan', outcomes: ['matched'], id })),
  };
}

interface Asking {
  readonly rule: string;
  readonly outcomes: readonly string[];
  /** The linked id of the call. */
  readonly id: string;
}

const httpCaller = (decider: BenchChild, { rule, outcomes, id }: Asking): Promise<Caller> =>
  openHttpCaller({
    url: decider.url,
    headers: { authorization: `Bearer ${decider.token}` },
    path: () =>
      `/v1/routing/${rule}/decide?callId=${callIdOf(pbxId, id)}&ani=${encodeURIComponent(newNumber())}&dnis=%2B12025550101`,
    expected: outcomes.map((outcome) => `"outcome":"${outcome}"`),
  });

const dialplan = (decider: BenchChild, { rule, outcomes, id }: Asking): Caller =>
  agiCaller({ port: decider.agiPort ?? 0, script: `route/${rule}`, ani: newNumber, linkedId: id, outcomes });

async function measureLateness({ decider, say }: RoutingPlaces): Promise<LatenessRow[]> {
  say('routing, a CRM that hangs');
  const rows: LatenessRow[] = [
    { way: 'http', budgetMs: hangingBudgetMs, latency: [] },
    { way: 'fastagi', budgetMs: hangingBudgetMs, latency: [] },
  ];
  for (const [at, { id: rule, budgetMs }] of hangingRules.entries()) {
    // Two bursts at a CRM that never answers, then two at one that stalls; over each way one.
    const row = rows[Math.floor(at / 2) % rows.length] as LatenessRow;
    // Where the first have waited in vain before the last could ask, the breaker answers those: `error`.
    const outcomes = ['timeout', 'error'];
    const asking = linkedIds.map((id) => ({ rule, outcomes, id }));
    const callers = await Promise.all(
      asking.map(async (each) => (row.way === 'http' ? httpCaller(decider, each) : dialplan(decider, each))),
    );
    const { p50Ms, p99Ms, maxMs } = latencyOf(await settled(askAtOnce(callers)));
    row.latency.push({ p50Ms: p50Ms - budgetMs, p99Ms: p99Ms - budgetMs, maxMs: maxMs - budgetMs });
    for (const caller of callers) caller.close();
  }
  return rows;
}

/** The calls are under way, so that each decision is also written into a session, as it is where a PBX is connected. */
async function knownCalls(house: BenchChild): Promise<void> {
  const headers = { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' };
  const events = linkedIds.map((id) => ({
    specversion: '1.0',
    id: `routing-${id}`,
    source: '/pbx/bench',
    type: 'patchcord.v1.call.offered',
    subject: callIdOf(pbxId, id),
    time: new Date().toISOString(),
    data: { direction: 'inbound', ani: '+14155550123', dnis: '+12025550101', legId: legIdOf(pbxId, id), pbxId },
  }));
  const answer = await fetch(`${house.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
  if (answer.status !== 202) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 300)}`);
  await eventually(
    async () => (await fetch(`${house.sessionsUrl}/v1/calls/${events.at(-1)?.subject}/session`, { headers })).ok,
    { what: 'the sessions of the calls', deadlineMs: 20_000 },
  );
}
