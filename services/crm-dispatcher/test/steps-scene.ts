import { callRpc } from '@patchcord/bus';
import {
  type CallRecord,
  callRecord,
  type DeadLetter,
  dispatchJob,
  type MemorializationStepResult,
  memorializationStepResult,
  queues,
  type RecordJob,
  recordRetry,
  rpc,
  workIdOf,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { z } from 'zod';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { startFakePipedrive, token } from '../../../libs/connectors/test/crm/pipedrive/fake.ts';
import { type FakeSalesforce, startFakeSalesforce } from '../../../libs/connectors/test/crm/salesforce/fake.ts';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

/** Memorializations, and the connections that they write into. */
const connections = { sf: 'sf', two: 'sf', pd: 'pd' } as const;

/** A writing of a call by the memorialization of this id. */
export interface Writing {
  readonly into: keyof typeof connections;
  readonly callId: string;
  readonly revision?: number;
  readonly record?: Partial<CallRecord>;
  readonly linked?: readonly { readonly module: string; readonly id: string }[];
}

export interface StepsScene {
  readonly fixture: Fixture;
  readonly jobs: Jobs;
  readonly salesforce: FakeSalesforce;
  readonly pipedrive: FakeCrm;
  /** Hands it over as the service of dispositions does; the id of the job that waits for all steps. */
  readonly memorialize: (writing: Writing) => Promise<string>;
  /** What came of its steps, once it is told. */
  readonly ended: (root: string) => Promise<readonly MemorializationStepResult[]>;
  /** `step outcome`, sorted. */
  readonly came: (root: string) => Promise<readonly string[]>;
  readonly isOpen: (root: string) => boolean;
  /** The dead letter of the step of this root whose work's id has this. */
  readonly dead: (root: string, step: string) => Promise<DeadLetter>;
  readonly replay: (letter: DeadLetter) => Promise<unknown>;
  readonly discard: (letter: DeadLetter) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

const rootJob = z.object({ root: z.string() });

/** The CRMs, the queues, and whoever waits for all steps. Dispatchers are started by the tests. */
export async function startStepsScene(): Promise<StepsScene> {
  const [fixture, salesforce, pipedrive] = await Promise.all([
    startFixture(),
    startFakeSalesforce(),
    startFakePipedrive(),
  ]);
  await configure(fixture, { salesforce: salesforce.url, pipedrive: pipedrive.url });
  const jobs = createJobs({ redisUrl: fixture.servers.redis.url });
  const told = new Map<string, readonly MemorializationStepResult[]>();
  jobs.worker(queues.afterCall, rootJob, {
    concurrency: 5,
    schedule: recordRetry,
    handle: async ({ root }, _ctx, results) =>
      void told.set(root, z.array(memorializationStepResult).parse(await results())),
    onDead: async () => {},
  });
  const ended: StepsScene['ended'] = (root) =>
    eventually(() => told.get(root), { deadlineMs: 20_000, what: `the end of ${root}` });
  const about = (deadLetter: DeadLetter) => ({ tenantId, deadLetter });
  return {
    fixture,
    jobs,
    salesforce,
    pipedrive,
    ended,
    memorialize: (writing) => memorialize(jobs, writing),
    came: async (root) =>
      (await ended(root))
        .filter(({ step, outcome }) => step !== 'plan' || outcome !== 'written')
        .map(({ step, outcome }) => `${step} ${outcome}`)
        .toSorted(),
    isOpen: (root) => !told.has(root),
    dead: (root, step) =>
      eventually(
        async () => {
          const letters = await fixture.deadLetters.list({ tenantId, limit: 100 });
          return letters.find(({ letter }) => isOf(letter, root, step))?.letter;
        },
        { deadlineMs: 15_000, what: `the death of ${step} of ${root}` },
      ),
    replay: (letter) => callRpc(fixture.bus, rpc.replayJob, about(letter), { timeoutMs: 5000 }),
    discard: (letter) => callRpc(fixture.bus, rpc.discardJob, { ...about(letter), note: 'no' }, { timeoutMs: 5000 }),
    stop: async () => {
      await jobs.close();
      await fixture.stop();
      await Promise.all([salesforce.close(), pipedrive.close()]);
    },
  };
}

function isOf({ payload = '' }: DeadLetter, root: string, step: string): boolean {
  const job = dispatchJob.safeParse(JSON.parse(payload)).data;
  return job?.kind === 'record' && job.memorialization?.root === root && job.memorialization.step.kind === step;
}

async function configure({ config }: Fixture, urls: { readonly salesforce: string; readonly pipedrive: string }) {
  const common = { egress: onThisMachine, timeoutMs: 3000 };
  await config.put(tenantId, 'crm-connection', {
    id: 'sf',
    name: 'SF',
    connector: 'salesforce',
    baseUrl: urls.salesforce,
    ...common,
    headers: { authorization: 'Bearer 00Dxx0000001gPF!AQ' },
    settings: { callKeyField: 'CTI_Call_Id__c', recordingField: 'Recording__c' },
    logging: { outcomes: ['answered'] },
  });
  await config.put(tenantId, 'crm-connection', {
    id: 'pd',
    name: 'PD',
    connector: 'pipedrive',
    baseUrl: urls.pipedrive,
    ...common,
    headers: { 'x-api-token': token },
    settings: { company: 'acme' },
  });
  await config.put(tenantId, 'memorialization', {
    id: 'sf',
    name: 'SF',
    connection: 'sf',
    entities: [{ module: 'Contact', fields: [{ field: 'Title', item: 'disposition.name' }] }],
  });
  const rows = ['Title', 'FirstName'].map((field) => ({ field, item: 'disposition.name' }));
  await config.put(tenantId, 'memorialization', {
    id: 'two',
    name: 'Two',
    connection: 'sf',
    entities: [{ module: 'Contact', fields: rows }],
  });
  await config.put(tenantId, 'memorialization', { id: 'pd', name: 'PD', connection: 'pd' });
}

export const recordingUrl = 'https://recordings.example.test/r/1.wav';
export const recordings: CallRecord['recordings'] = [
  { recordingId: 'r', legId: 'l', location: recordingUrl, startedAt: '2026-11-20T10:00:00Z' },
];

async function memorialize(jobs: Jobs, { into, callId, revision = 1, record = {}, linked = [] }: Writing) {
  const destination = { kind: 'crm', id: connections[into] } as const;
  const cause = 'after-call';
  const idOf = (occurrence: string): string => workIdOf({ callId, destination, cause, revision, occurrence });
  const [root, workId] = [idOf(`m-${into}`), idOf(`m-${into}-plan`)];
  const of = { tenantId, callId, destination, cause, occurredAt: '2026-11-20T10:01:00Z', revision } as const;
  const step = { kind: 'plan' as const, linked: [...linked], unlinked: [] };
  const job: RecordJob = {
    ...of,
    kind: 'record',
    workId,
    series: 1,
    memorialization: { id: into, root, step },
    record: callRecord.parse({ ...base, recordId: `r-${callId}`, callId, ...record }),
  };
  const policy = { schedule: recordRetry };
  await jobs.addFlow({
    root: { queue: queues.afterCall, schema: rootJob, policy, job: { root }, jobId: root },
    children: [
      {
        queue: queues.crmDispatch(tenantId, `crm-${connections[into]}`),
        schema: dispatchJob,
        policy,
        job,
        jobId: workId,
      },
    ],
  });
  return root;
}

const base = {
  tenantId,
  outcome: 'answered',
  direction: 'inbound',
  digits: '',
  variables: {},
  transfers: [],
  recordings: [],
  summary: 'What happened.',
  disposition: { optionId: 'sold', name: 'Sold' },
  talkMs: 60_000,
  answeredAt: '2026-11-20T10:00:00Z',
  endedAt: '2026-11-20T10:01:00Z',
};
