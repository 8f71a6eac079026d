// 2,000 pieces of after-call work over five CRMs, of which one hangs and one answers 429: what that costs the other three.

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRpc } from '@patchcord/bus';
import { dispatchJob, queues, type RecordJob, recordRetry, rpc, workIdOf } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { z } from 'zod';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { createJobs, type Jobs } from '../../libs/jobs/src/index.ts';
import { type CrmFake, connectionTo, crmFakes } from '../harness/crm-fakes.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';
import { median } from './statistics.ts';

export interface AfterCallMeasurements {
  readonly perCrm: number;
  /** ms until everything was in the three CRMs that are well, by round. */
  readonly aloneMs: number[];
  readonly besideMs: number[];
  /** Counted at the CRMs, over all rounds. */
  readonly expected: number;
  readonly lost: number;
  readonly twice: number;
}

export interface AfterCallOptions {
  readonly rounds: number;
  /** Calls for each CRM in a round. */
  readonly perCrm: number;
  readonly say: (line: string) => void;
}

const well = ['suitecrm', 'hubspot', 'salesforce'];
const troubled = ['espocrm', 'zoho'] as const;
type Trouble = 'none' | 'hang' | 'throttle';

interface Crm {
  readonly of: CrmFake;
  readonly fake: FakeCrm;
  /** What becomes of requests from now on. */
  trouble(what: Trouble): void;
  close(): Promise<void>;
}

export async function measureAfterCall(options: AfterCallOptions): Promise<AfterCallMeasurements> {
  const crms = await Promise.all([...well, ...troubled].map(startCrm));
  const world = await startWorld({
    services: ['crm-dispatcher', 'disposition'],
    env: {
      BREAKER_OPEN_MS: '1000',
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      DISPATCH_RETRY_DELAYS_MS: Array.from({ length: 30 }, (_, at) => (at === 0 ? 0 : 1000)).join(','),
    },
  });
  const jobs = createJobs({ redisUrl: world.redis.url });
  try {
    await configure(world, crms);
    return await measure({ ...options, crms, jobs });
  } finally {
    await jobs.close();
    await world.stop();
    await Promise.all(crms.map((crm) => crm.close()));
  }
}

/** A CRM behind a door that can be shut. */
async function startCrm(connector: string): Promise<Crm> {
  const of = crmFakes.find((one) => one.connector === connector);
  if (of === undefined) throw new Error(`there is no fake of ${connector}`);
  const fake = await of.start();
  let now: Trouble = 'none';
  const server = createServer((request, response) => {
    if (now === 'hang') return;
    if (now === 'throttle') return void response.writeHead(429, { 'retry-after': '1' }).end();
    void forward(fake.url, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    of,
    fake: { ...fake, url, loggedCalls: fake.loggedCalls, seed: fake.seed.bind(fake) },
    trouble: (what) => {
      now = what;
      if (what === 'none') server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await fake.close();
    },
  };
}

async function forward(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { connection: _c, host: _h, 'content-length': _l, 'transfer-encoding': _t, ...headers } = request.headers;
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  const { method = 'GET' } = request;
  const answer = await fetch(`${url}${request.url}`, { method, headers: headers as Record<string, string>, ...body });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
  response.end(Buffer.from(await answer.arrayBuffer()));
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
  readonly crms: readonly Crm[];
  readonly jobs: Jobs;
}

async function measure({ crms, jobs, rounds, perCrm, say }: Bench): Promise<AfterCallMeasurements> {
  const three = crms.filter(({ of }) => well.includes(of.connector));
  const [hanging, throttling] = crms.filter(({ of }) => !well.includes(of.connector));
  const expected = new Map<Crm, number>();
  const round = async (name: string, asked: readonly Crm[]): Promise<number> => {
    const startedAt = performance.now();
    for (const crm of asked) expected.set(crm, (expected.get(crm) ?? 0) + perCrm);
    await Promise.all(asked.map((crm) => addWork(jobs, crm, { name, count: perCrm })));
    await Promise.all(three.map((crm) => until(crm, expected.get(crm) ?? 0)));
    return performance.now() - startedAt;
  };
  const [aloneMs, besideMs]: [number[], number[]] = [[], []];
  await round('warm', three);
  for (let at = 0; at < rounds; at += 1) {
    say(`after-call work, round ${at + 1} of ${rounds}`);
    aloneMs.push(await round(`alone-${at}`, three));
    hanging?.trouble('hang');
    throttling?.trouble('throttle');
    besideMs.push(await round(`beside-${at}`, crms));
    for (const crm of crms) crm.trouble('none');
    await Promise.all(crms.map((crm) => until(crm, expected.get(crm) ?? 0)));
  }
  const counted = crms.map((crm) => ({ logged: crm.fake.loggedCalls().length, wanted: expected.get(crm) ?? 0 }));
  return {
    perCrm,
    aloneMs,
    besideMs,
    expected: counted.reduce((sum, { wanted }) => sum + wanted, 0),
    lost: counted.reduce((sum, { logged, wanted }) => sum + Math.max(0, wanted - logged), 0),
    twice: counted.reduce((sum, { logged, wanted }) => sum + Math.max(0, logged - wanted), 0),
  };
}

const until = ({ fake, of }: Crm, count: number): Promise<unknown> =>
  eventually(() => fake.loggedCalls().length >= count, {
    deadlineMs: 180_000,
    what: `${count} calls in ${of.connector}`,
  });

const afterCallJob = z.looseObject({ kind: z.literal('memorialized'), tenantId: z.string() });

/** As disposition hands it over. Each is of a caller of its own, whom the CRM knows. */
async function addWork(jobs: Jobs, { of, fake }: Crm, { name, count }: { name: string; count: number }): Promise<void> {
  const policy = { schedule: recordRetry };
  for (let at = 0; at < count; at += 1) {
    const id = fake.seed(of.module, of.person(`+1415${String(5_000_000 + at)}`));
    const job = workOf(of, `${name}-${of.connector}-${at}`, id);
    const root = {
      queue: queues.afterCall,
      schema: afterCallJob,
      policy,
      jobId: job.memorialization?.root ?? '',
      job: {
        kind: 'memorialized' as const,
        tenantId: worldTenant,
        memorializationId: of.connector,
        connection: of.connector,
        callId: job.record.callId,
        recordId: job.record.recordId,
        revision: 1,
      },
    };
    const queue = queues.crmDispatch(worldTenant, `crm-${of.connector}`);
    await jobs.addFlow({ root, children: [{ queue, schema: dispatchJob, policy, job, jobId: job.workId }] });
  }
}

function workOf({ connector, module }: CrmFake, callId: string, id: string): RecordJob {
  const destination = { kind: 'crm', id: connector } as const;
  const idOf = (occurrence: string) => workIdOf({ callId, destination, cause: 'after-call', occurrence });
  const now = new Date().toISOString();
  return {
    kind: 'record',
    workId: idOf(`m-${connector}-plan`),
    tenantId: worldTenant,
    callId,
    destination,
    cause: 'after-call',
    occurredAt: now,
    series: 1,
    revision: 1,
    memorialization: {
      id: connector,
      root: idOf(`m-${connector}`),
      step: { kind: 'plan', linked: [{ module, id }], unlinked: [] },
    },
    record: {
      recordId: callId,
      channel: 'voice',
      callId,
      tenantId: worldTenant,
      direction: 'inbound',
      outcome: 'answered',
      answeredAt: now,
      endedAt: now,
      talkMs: 60_000,
      digits: '',
      variables: {},
      transfers: [],
      recordings: [],
      summary: `the call ${callId}`,
    },
  };
}

export function afterCallText(measured: AfterCallMeasurements): string {
  const { aloneMs, besideMs, expected, lost, twice } = measured;
  const [alone, beside] = [median(aloneMs), median(besideMs)];
  return [
    `after-call work: ${3 * measured.perCrm} calls into three CRMs, ${2 * measured.perCrm} more for one that hangs and one that answers 429`,
    `  the three alone        ${alone.toFixed(0).padStart(8)} ms`,
    `  beside the other two   ${beside.toFixed(0).padStart(8)} ms, ratio ${(beside / alone).toFixed(2)}`,
    `  of ${expected} calls ${lost} are lost and ${twice} are there twice, counted at the CRMs when all are well again`,
  ].join('\n');
}
