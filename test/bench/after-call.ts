// 2,000 pieces of after-call work over five CRMs, of which one hangs and one answers 429: what that costs the other three.
// The work is handed over as disposition does when the time has passed that it lets a call settle: that wait is none of this.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { callRpc } from '@patchcord/bus';
import { dispatchJob, queues, recordRetry, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { createJobs, type Jobs } from '../../libs/jobs/src/index.ts';
import { type CrmFake, connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';
import { afterCallJob, rootOf, workOf } from './after-call-work.ts';
import { processorMs } from './processor.ts';

/** A part of a round. */
export interface AfterCallPhase {
  /** Until all calls were in the CRMs that this is about (ms). */
  readonly tookMs: number;
  /** Used by dispatcher, disposition, NATS and Redis meanwhile (ms). */
  readonly processorMs: number;
}

export interface AfterCallMeasurements {
  readonly perCrm: number;
  /** The three CRMs that are well, by round: alone, and while work waits for the other two. */
  readonly alone: AfterCallPhase[];
  readonly beside: AfterCallPhase[];
  /** From the time that the other two are well again until they have everything, waits of breaker and hold included. */
  readonly after: AfterCallPhase[];
  /** Counted at the CRMs, call by call, over all rounds. */
  readonly expected: number;
  readonly lost: number;
  readonly twice: number;
  /** Memorializations of which a step is not done. */
  readonly undone: number;
}

export interface AfterCallOptions {
  readonly rounds: number;
  /** Calls for each CRM in a round. */
  readonly perCrm: number;
  readonly say: (line: string) => void;
}

const well = ['suitecrm', 'hubspot', 'salesforce'];
const troubled = ['espocrm', 'zoho'];

interface Crm {
  readonly of: CrmFake;
  readonly fake: FakeCrm;
  /** Of the calls that were handed over. */
  readonly callIds: string[];
}

export async function measureAfterCall(options: AfterCallOptions): Promise<AfterCallMeasurements> {
  const [three, others] = await Promise.all([well, troubled].map((names) => Promise.all(names.map(startCrm))));
  const crms = { three: three ?? [], others: others ?? [] };
  const all = [...crms.three, ...crms.others];
  const world = await startWorld({
    services: ['crm-dispatcher', 'disposition'],
    appendOnly: 'everysec',
    env: {
      BREAKER_OPEN_MS: '1000',
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      DISPATCH_RETRY_DELAYS_MS: Array.from({ length: 30 }, (_, at) => (at === 0 ? 0 : 1000)).join(','),
    },
  });
  const jobs = createJobs({ redisUrl: world.redis.url });
  try {
    await configure(world, all);
    return await measure({ ...options, ...crms, jobs, processorMs: () => processorOf(world) });
  } finally {
    await jobs.close();
    await world.stop();
    await Promise.all(all.map(({ fake }) => fake.close()));
  }
}

const processorOf = ({ services, nats, redis }: World): number =>
  [...services, nats, redis].reduce((sum, { pid }) => sum + processorMs(pid), 0);

async function startCrm(connector: string): Promise<Crm> {
  const of = crmFakes.find((one) => one.connector === connector);
  if (of === undefined) throw new Error(`there is no fake of ${connector}`);
  return { of, fake: await of.start(), callIds: [] };
}

async function configure({ bus, config }: World, crms: readonly Crm[]): Promise<void> {
  const configured = crms.map(({ of, fake }) => connectionTo(of, fake, { timeoutMs: 2000 }));
  for (const { secrets } of configured)
    for (const [id, value] of Object.entries(secrets))
      await callRpc(bus, rpc.putSecret, { tenantId: worldTenant, id, value }, { timeoutMs: 5000 });
  await config.applyAll(worldTenant, [
    ...configured.flatMap(({ authentication: entity }) =>
      entity === undefined ? [] : [{ kind: 'site-authentication', entity }],
    ),
    ...configured.map(({ connection: entity }) => ({ kind: 'crm-connection', entity })),
    ...crms.map(({ of: { connector: id, module, field } }) => ({
      kind: 'memorialization',
      entity: { id, name: id, connection: id, entities: [{ module, fields: [{ field, item: 'summary' }] }] },
    })),
  ]);
}

interface Bench extends AfterCallOptions {
  readonly three: readonly Crm[];
  readonly others: readonly Crm[];
  readonly jobs: Jobs;
  readonly processorMs: () => number;
}

async function measure(bench: Bench): Promise<AfterCallMeasurements> {
  const { three, others, perCrm, rounds, say } = bench;
  const [hanging, throttling] = others.map(({ fake }) => fake);
  const measured = { alone: [] as AfterCallPhase[], beside: [] as AfterCallPhase[], after: [] as AfterCallPhase[] };
  let undone = 0;
  await phase(bench, three, () => handOver(bench, three, 'warm'));
  for (let at = 0; at < rounds; at += 1) {
    say(`after-call work, round ${at + 1} of ${rounds}`);
    measured.alone.push(await phase(bench, three, () => handOver(bench, three, `alone-${at}`)));
    hanging?.failAll('hang');
    throttling?.failAll({ status: 429, headers: { 'retry-after': '1' } });
    // First, so that it is there all the while; what it costs us to hand it over is not the house's time.
    await handOver(bench, others, `beside-${at}`);
    measured.beside.push(await phase(bench, three, () => handOver(bench, three, `beside-${at}`)));
    const recover = async (): Promise<void> => {
      for (const { fake } of others) fake.failAll(undefined);
    };
    measured.after.push(await phase(bench, others, recover));
    undone += await undoneOf(bench);
  }
  return { perCrm, ...measured, ...counted(bench), undone };
}

/** From now until everything is in these CRMs. */
async function phase(bench: Bench, crms: readonly Crm[], begin: () => Promise<unknown>): Promise<AfterCallPhase> {
  const [startedAt, usedBefore] = [performance.now(), bench.processorMs()];
  await begin();
  await Promise.all(crms.map(untilThere));
  return { tookMs: performance.now() - startedAt, processorMs: bench.processorMs() - usedBefore };
}

const patienceMs = 180_000;

/** Looks seldom while much is missing: to read thousands of calls takes time from what is measured. */
async function untilThere({ fake, of, callIds }: Crm): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const missing = callIds.length - fake.loggedCalls().length;
    if (missing <= 0) return;
    if (performance.now() > giveUpAt) throw new Error(`${missing} calls are missing in ${of.connector}`);
    await sleep(Math.min(1000, 10 + missing));
  }
}

/** As disposition hands it over. Each is of a caller of its own, whom the CRM knows. */
async function handOver({ jobs, perCrm }: Bench, crms: readonly Crm[], name: string): Promise<void> {
  const policy = { schedule: recordRetry };
  const add = async ({ of, fake, callIds }: Crm): Promise<void> => {
    const queue = queues.crmDispatch(worldTenant, `crm-${of.connector}`);
    for (let at = 0; at < perCrm; at += 1) {
      const callId = `${name}-${of.connector}-${at}`;
      const id = fake.seed(of.module, of.person(`+1415${String(5_000_000 + at)}`));
      const job = workOf(of, callId, id);
      const root = { queue: queues.afterCall, schema: afterCallJob, policy, ...rootOf(job) };
      callIds.push(callId);
      await jobs.addFlow({ root, children: [{ queue, schema: dispatchJob, policy, job, jobId: job.workId }] });
    }
  };
  await Promise.all(crms.map(add));
}

/** Of the last round: no more of them than are remembered when they are done. */
async function undoneOf({ three, others, jobs, perCrm }: Bench): Promise<number> {
  const roots = jobs.queue(queues.afterCall, afterCallJob, { schedule: recordRetry });
  const ids = [...three, ...others].flatMap(({ of, callIds }) =>
    callIds.slice(-2 * perCrm).map((callId) => rootOf(workOf(of, callId, '')).jobId),
  );
  let open = ids;
  const look = async (): Promise<boolean> => {
    const states = await Promise.all(open.map(async (id) => (await roots.get(id))?.state));
    open = open.filter((_, at) => states[at] !== 'succeeded');
    return open.length === 0;
  };
  await eventually(look, { deadlineMs: 30_000 }).catch(() => undefined);
  return open.length;
}

function counted({ three, others }: Bench): Pick<AfterCallMeasurements, 'expected' | 'lost' | 'twice'> {
  const timesOf = [...three, ...others].flatMap(({ fake, callIds }) => {
    const logged = fake.loggedCalls().map(({ text }) => /the call ([\w-]+)/.exec(text)?.[1]);
    const times = Map.groupBy(logged, (callId) => callId);
    return callIds.map((callId) => times.get(callId)?.length ?? 0);
  });
  return {
    expected: timesOf.length,
    lost: timesOf.filter((times) => times === 0).length,
    twice: timesOf.filter((times) => times > 1).length,
  };
}
