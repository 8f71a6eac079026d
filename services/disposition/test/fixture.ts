import {
  type Bus,
  type ConfigStore,
  connectBus,
  createPublisher,
  ensureTopology,
  openConfig,
  type Publisher,
  storedMessages,
} from '@patchcord/bus';
import {
  type AnyEvent,
  dispatchJob,
  parseEvent,
  queues,
  type RecordJob,
  recordRetry,
  type Session,
} from '@patchcord/contracts';
import { createJobs } from '@patchcord/jobs';
import { connectRedis, createLogger, mintToken, type Service, settings } from '@patchcord/runtime';
import { eventually, type Servers, startServers } from '@patchcord/testkit';
import { settingsSchema } from '../src/config.ts';
import { createDisposition } from '../src/service.ts';
import { type CallScript, sessionChanged } from './call-script.ts';

export const tenantId = 'acme';
export const log = createLogger({ service: 'test', level: process.env.TEST_LOG ?? 'silent' });
export const environment = (servers: Servers) => ({
  NATS_URL: servers.nats.url,
  REDIS_URL: servers.redis.url,
  HTTP_PORT: '0',
  AFTER_CALL_SETTLE_MS: '150',
  AFTER_CALL_UNANSWERED_SETTLE_MS: '150',
  LOG_LEVEL: 'silent',
});

const dispositions = [
  { id: 'sold', name: 'Sold' },
  { id: 'callback', name: 'Call back' },
  { id: 'order', name: 'Order', form: 'sale' },
];
const saleForm = {
  id: 'sale',
  name: 'Sale',
  fields: [
    { name: 'amount', type: 'number', required: true, min: 1 },
    { name: 'delivery', type: 'date' },
  ],
};
const campaigns = [
  { id: 'support', timeoutMs: 60_000 },
  { id: 'quick', timeoutMs: 400 },
  { id: 'brief', timeoutMs: 1500 },
  { id: 'direct', timeoutMs: 0 },
];

export interface Fixture {
  readonly servers: Servers;
  readonly bus: Bus;
  readonly redis: Awaited<ReturnType<typeof connectRedis>>;
  readonly publisher: Publisher;
  readonly config: ConfigStore;
  readonly token: string;
  /** One more replica of the service. */
  startReplica(): Promise<Service>;
  /** Publishes what the call is now. */
  publish(session: Session): Promise<void>;
  /** Records that reached the queue of the CRM, in the order in which they came. */
  records(callId: string): RecordJob[];
  recordsOf(call: CallScript, count: number): Promise<RecordJob[]>;
  /** Events this service published of a call, in order. */
  events(callId: string): Promise<AnyEvent[]>;
  /** All that tell of a new disposition. */
  recorded(): Promise<AnyEvent[]>;
  /** Those of one disposition. */
  told(dispositionId: string): Promise<AnyEvent[]>;
  stop(): Promise<void>;
}

export async function startFixture(starting: Promise<Servers> = startServers()): Promise<Fixture> {
  const servers = await starting;
  const bus = await connectBus({ url: servers.nats.url, name: 'test' });
  await ensureTopology(bus);
  const redis = await connectRedis({ url: servers.redis.url, name: 'test', log });
  const config = await openConfig(bus);
  const token = await configure(config);
  const publisher = createPublisher(bus);
  const arrived: RecordJob[] = [];
  const jobs = collectRecords(servers.redis.url, arrived);
  const records = (callId: string): RecordJob[] => arrived.filter((job) => job.callId === callId);
  const stops: (() => Promise<void>)[] = [];
  return {
    servers,
    bus,
    redis,
    publisher,
    config,
    token,
    startReplica: async () => {
      const replica = await startReplica(servers);
      stops.push(replica.close);
      return replica.service;
    },
    publish: async (session) => {
      await publisher.publish(sessionChanged(session));
    },
    records,
    recordsOf: (call, count) =>
      eventually(() => records(call.callId).length >= count && records(call.callId), { what: `${count} records` }),
    events: (callId) => eventsOf(bus, ({ correlationid }) => correlationid === callId),
    recorded: () => eventsOf(bus, ({ type }) => type === 'patchcord.v1.disposition.recorded'),
    told: (dispositionId) => eventsOf(bus, ({ subject }) => subject === dispositionId),
    stop: async () => {
      for (const stop of stops.reverse()) await stop();
      await jobs.close();
      redis.disconnect();
      await config.close();
      await bus.close();
      await servers.stop();
    },
  };
}

async function configure(config: ConfigStore): Promise<string> {
  const { token, sha256 } = mintToken(tenantId);
  const connection = { id: 'main', name: 'CRM', connector: 'http-json', baseUrl: 'https://crm.example.com' };
  await config.applyAll(tenantId, [
    { kind: 'api-token', entity: { id: 'desk', name: 'Desk', sha256, scopes: ['dispositions:write'] } },
    { kind: 'crm-connection', entity: connection },
    { kind: 'form', entity: saleForm },
    { kind: 'contact-database', entity: { id: 'leads', name: 'Leads', columns: ['phone'], phoneColumns: ['phone'] } },
    ...campaigns.map(({ id, timeoutMs }) => ({
      kind: 'campaign',
      entity: { id, name: id, match: { queues: [id] }, records: ['main'], dispositions, acw: { timeoutMs } },
    })),
  ]);
  return token;
}

/** Stands where crm-dispatcher stands: takes the jobs from the queue of the destination. */
function collectRecords(redisUrl: string, arrived: RecordJob[]): ReturnType<typeof createJobs> {
  const jobs = createJobs({ redisUrl });
  jobs.worker(queues.crmDispatch(tenantId, 'crm-main'), dispatchJob, {
    concurrency: 10,
    schedule: recordRetry,
    handle: async (job) => void (job.kind === 'record' && arrived.push(job)),
    onDead: async () => {},
  });
  return jobs;
}

async function startReplica(servers: Servers): Promise<{ service: Service; close: () => Promise<void> }> {
  const env = environment(servers);
  const bus = await connectBus({ url: env.NATS_URL, name: 'disposition' });
  const config = await openConfig(bus);
  const redis = await connectRedis({ url: env.REDIS_URL, name: 'disposition', log });
  const values = settings(settingsSchema, env);
  const service = createDisposition({ settings: values, bus, config, log, redis, redisUrl: env.REDIS_URL });
  await service.start();
  const close = async (): Promise<void> => {
    await service.stop();
    redis.disconnect();
    await config.close();
    await bus.close();
  };
  return { service, close };
}

async function eventsOf(bus: Bus, wanted: (event: AnyEvent) => boolean): Promise<AnyEvent[]> {
  const events: AnyEvent[] = [];
  for (const [stream, subject] of [
    ['CALL_EVENTS', 'patchcord.v1.evt.*.agent.>'],
    ['WORK_EVENTS', 'patchcord.v1.evt.*.disposition.>'],
  ] as const) {
    for await (const message of storedMessages(bus, stream, subject)) {
      const parsed = parseEvent(message.json());
      if (parsed.ok && wanted(parsed.event)) events.push(parsed.event);
    }
  }
  return events;
}
