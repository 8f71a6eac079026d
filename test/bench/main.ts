// `npm run bench`: what Patchcord costs, beside two floors in the same run. Figures of one run compare with each other,
// not with those of another day.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureServerBinaries, startNats, startRedis } from '@patchcord/testkit';
import { measureAfterCall } from './after-call.ts';
import { afterCallText } from './after-call-text.ts';
import { type BenchChild, startChild } from './child.ts';
import { contactsText, measureContacts } from './contacts.ts';
import { measurePops, type PopRow } from './pops.ts';
import { type LatencyRow, type Measurements, reportText } from './report.ts';
import { measureRouting, type RoutingMeasurements } from './routing.ts';
import { routingText } from './routing-text.ts';
import { type Contestant, measureLatency, measureThroughput } from './throughput.ts';

const usage = `Usage: npm run bench -- [--part calls|routing|contacts|after-call] [--json FILE] [--rounds N] [--events N] [--rows N]

  --part NAME   only the part with that name (default: all)
  --json FILE   write the measurements of every round there
  --rounds N    how often each is measured (default 5, after-call work at most 3; medians are printed)
  --events N    events of one throughput measurement (default 4000)
  --rows N      contacts of the import (default 1000000)
  --calls N     calls for each of five CRMs after which work is done (default 400)
`;

const { values: given } = parseArgs({
  options: {
    part: { type: 'string' },
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    events: { type: 'string', default: '4000' },
    rows: { type: 'string', default: '1000000' },
    calls: { type: 'string', default: '400' },
    help: { type: 'boolean', short: 'h' },
  },
});
const rounds = Number(given.rounds);
const events = Number(given.events);
const rates = [100, 400];
const popRates = [5, 50];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

if (given.help) process.stdout.write(usage);
else await bench();

async function bench(): Promise<void> {
  await ensureServerBinaries(say);
  const wanted = (part: string): boolean => given.part === undefined || given.part === part;
  const calls = wanted('calls') ? await withStops(measureAll) : undefined;
  if (calls !== undefined) process.stdout.write(`\n${reportText(calls)}\n`);
  const routing = wanted('routing') ? await withStops(routingPart) : undefined;
  if (routing !== undefined) process.stdout.write(`\n${routingText(routing)}\n`);
  const contacts = wanted('contacts') ? await measureContacts(Number(given.rows), say) : undefined;
  if (contacts !== undefined) process.stdout.write(`\n${contactsText(contacts)}\n`);
  const afterCall = wanted('after-call')
    ? await measureAfterCall({ rounds: Math.min(rounds, 3), perCrm: Number(given.calls), say })
    : undefined;
  if (afterCall !== undefined) process.stdout.write(`\n${afterCallText(afterCall)}\n`);
  const optional = {
    ...(routing === undefined ? {} : { routing }),
    ...(contacts === undefined ? {} : { contacts }),
    ...(afterCall === undefined ? {} : { afterCall }),
  };
  if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify({ ...calls, ...optional }, null, 2)}\n`);
}

/** Each part has processes of its own, which end with it. */
async function withStops<Measured>(measure: (stops: Stops) => Promise<Measured>): Promise<Measured> {
  const stops: Stops = [];
  try {
    return await measure(stops);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

type Stops = (() => Promise<unknown>)[];

interface Processes {
  readonly sink: BenchChild;
  readonly house: BenchChild;
  readonly start: (script: string, services?: string) => Promise<BenchChild>;
}

async function startProcesses(stops: Stops, services?: string): Promise<Processes> {
  const nats = await startNats();
  const redis = await startRedis({ appendOnly: 'everysec' });
  stops.push(
    () => nats.stop(),
    () => redis.stop(),
  );
  const child = async (script: string, env: Record<string, string>): Promise<BenchChild> => {
    const started = await startChild(script, env);
    stops.push(() => started.stop());
    return started;
  };
  const sink = await child('sink-main.ts', {});
  const env = { SINK_URL: sink.url, NATS_URL: nats.url, REDIS_URL: redis.url };
  const only = (names: string | undefined): Record<string, string> =>
    names === undefined ? {} : { BENCH_SERVICES: names };
  const house = await child('house-main.ts', { ...env, ...only(services) });
  await sleep(3000);
  return { sink, house, start: (script, names) => child(script, { ...env, ...only(names) }) };
}

async function routingPart(stops: Stops): Promise<RoutingMeasurements> {
  // What decisions do not wait for is in a process of its own.
  const othersThanRouting = ['disposition', 'session-store', 'console', 'call-ingest'];
  const { sink, house, start } = await startProcesses(stops, othersThanRouting.join(','));
  const dispatcher = await start('service-main.ts', 'crm-dispatcher');
  const decider = { ...(await start('service-main.ts', 'routing-decider')), token: house.token ?? '' };
  const floorAsker = await start('floor-route-main.ts', 'ask-crm');
  const floor = await start('floor-route-main.ts');
  await sleep(1000);
  return measureRouting({ house, decider, dispatcher, floor, floorAsker, sinkUrl: sink.url, rounds, say });
}

async function measureAll(stops: Stops): Promise<Measurements> {
  const { sink, house, start } = await startProcesses(stops);
  const restingMb = residentMb(house.pid);
  const contestants = await contestantsOf(house, start);
  say('warming up');
  for (const contestant of contestants) await measureThroughput(contestant, sink.url, 1000);
  const eventsPerSecond: Record<string, number[]> = {};
  const single = contestants.filter(({ batch }) => batch === undefined);
  const latency: LatencyRow[] = single.flatMap(({ name }) =>
    rates.map((perSecond) => ({ contestant: name, perSecond, p50Ms: [], p99Ms: [] })),
  );
  const pops: PopRow[] = popRates.map((perSecond) => ({ perSecond, p50Ms: [], p99Ms: [] }));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}`);
    // Each round begins with another, so that none always runs on a warm or a tired machine.
    const order = contestants.map((_, at) => contestants[(at + round) % contestants.length] as Contestant);
    for (const contestant of order) {
      const value = await measureThroughput(contestant, sink.url, events);
      eventsPerSecond[contestant.name] = [...(eventsPerSecond[contestant.name] ?? []), value];
    }
    for (const contestant of order) await latencyRound(contestant, sink.url, latency);
    for (const row of pops) await measurePops(house, row);
  }
  return { rounds, node: process.version, cores: cpus().length, restingMb, eventsPerSecond, latency, pops };
}

async function contestantsOf(
  house: BenchChild,
  start: (script: string) => Promise<BenchChild>,
): Promise<readonly Contestant[]> {
  const direct = await start('floor-direct-main.ts');
  const queue = await start('floor-queue-main.ts');
  const headers = { authorization: `Bearer ${house.token}` };
  return [
    { name: 'fastify-undici', url: direct.url, headers: {} },
    { name: 'fastify-bullmq-undici', url: queue.url, headers: {} },
    { name: 'patchcord', url: house.url, headers },
    { name: 'patchcord, 50 a request', url: house.url, headers, batch: 50 },
  ];
}

async function latencyRound(contestant: Contestant, sinkUrl: string, rows: readonly LatencyRow[]): Promise<void> {
  for (const row of rows.filter((candidate) => candidate.contestant === contestant.name)) {
    const stats = await measureLatency(contestant, sinkUrl, { perSecond: row.perSecond, forMs: 3000 });
    row.p50Ms.push(stats.p50Ms);
    row.p99Ms.push(stats.p99Ms);
  }
}

/** Resident memory of a process (MB), as the kernel counts it. */
function residentMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) / 1024;
}
