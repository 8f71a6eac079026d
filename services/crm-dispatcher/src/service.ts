import { type Consumption, createDeadLetters, createPublisher } from '@patchcord/bus';
import { type RetrySchedule, recordRetry } from '@patchcord/contracts';
import { createBreakers, createEgress, type Egress } from '@patchcord/egress';
import { createJobs } from '@patchcord/jobs';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  httpPart,
  type Part,
  type RedisContext,
  type Service,
} from '@patchcord/runtime';
import { createDeliveryLog } from './adapters/delivery-log.ts';
import { gaugesPart } from './adapters/gauges.ts';
import { createHolds } from './adapters/holds.ts';
import { createDispatcherMetrics } from './adapters/metrics.ts';
import { createDispatchQueues } from './adapters/queues.ts';
import { createRecordTurns } from './adapters/record-turn.ts';
import { createSend } from './adapters/sender.ts';
import type { Settings } from './config.ts';
import { consumeSessions } from './consumers/session-events.ts';
import { createDispatchWorkers, type DispatchWorkers } from './jobs/dispatch-workers.ts';
import { rpcPart } from './routes/rpc.ts';
import { createBury } from './usecases/bury.ts';
import { createDeliver } from './usecases/deliver.ts';
import { createDiscardJob } from './usecases/discard-job.ts';
import { createEnqueuePlan, type EnqueuePlan } from './usecases/enqueue-plan.ts';
import { createLookup } from './usecases/lookup.ts';
import { createNoteRetry } from './usecases/note-retry.ts';
import { createRemovedDestinations } from './usecases/removed-destinations.ts';
import { createReplayJob } from './usecases/replay-job.ts';
import { createReport } from './usecases/report.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'crm-dispatcher';

type Context = RedisContext<Settings>;

/** The only door to CRMs. Queues, delivery log and turns lie in Redis; breakers and holds are each replica's own. */
export function createCrmDispatcher(context: Context): Service {
  const { bus, redis, log, config, settings } = context;
  const built = build(context);
  const { workers, jobs } = built;
  const sessions = sessionsPart(context, built.enqueuePlan);
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    queues: () => jobs.healthy(),
    workers: () => workers.healthy(),
    'session-consumer': sessions.healthy,
  });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: () => createHttpServer({ service: serviceName, log, config, bus, health, title: 'CRM dispatcher' }),
  });
  const connections: Part = {
    name: 'connections',
    stop: async () => {
      await jobs.close();
      await built.egress.close();
    },
  };
  const parts = [connections, built.gauges, workersPart(workers, built.egress), sessions, built.rpc, http];
  return composeService({ name: serviceName, log, health, parts });
}

function build(context: Context) {
  const { bus, config, log, settings, redis, redisUrl } = context;
  const serviceMetrics = createMetrics(serviceName);
  const metrics = createDispatcherMetrics(serviceMetrics);
  const schedule: RetrySchedule = { ...recordRetry, delaysMs: settings.DISPATCH_RETRY_DELAYS_MS };
  const jobs = createJobs({ redisUrl, log });
  const queues = createDispatchQueues(jobs, schedule);
  const deliveries = createDeliveryLog(redis);
  const deadLetters = createDeadLetters(bus);
  const source = `/service/${serviceName}`;
  const report = createReport({ config, deliveries, publisher: createPublisher(bus), log, source });
  const outbound = sending(context);
  const deliver = createDeliver({
    ...outbound,
    config,
    holds: createHolds(Date.now),
    removed: createRemovedDestinations(settings.DISPATCH_REMOVED_GRACE_MS, Date.now),
    report,
    metrics,
    log,
    send: createSend({ egress: outbound.egress, turns: createRecordTurns(redis) }),
  });
  const workers = createDispatchWorkers({
    jobs,
    config,
    schedule,
    log,
    handle: deliver,
    onDead: createBury({ service: serviceName, deadLetters, report, metrics }),
    onRetry: createNoteRetry(report),
  });
  const { replay, addAgain, enqueue, open } = queues;
  return {
    ...outbound,
    jobs,
    workers,
    enqueuePlan: createEnqueuePlan({ config, enqueue, onPlanned: metrics.planned }),
    gauges: gaugesPart({ metrics: serviceMetrics, breakers: outbound.breakers, queues: workers.queues, open }),
    rpc: rpcPart({
      bus,
      metrics,
      deliveries,
      lookup: createLookup({ ...outbound, config, metrics }),
      replayJob: createReplayJob({ service: serviceName, replay, addAgain, deadLetters }),
      discardJob: createDiscardJob({ deadLetters, report }),
    }),
  };
}

function sending({ settings, log }: Context) {
  const egress = createEgress({
    userAgent: 'Patchcord',
    maxResponseBytes: settings.EGRESS_MAX_RESPONSE_BYTES,
    connectionsPerOrigin: settings.EGRESS_CONNECTIONS_PER_ORIGIN,
  });
  const breakers = createBreakers({
    failures: settings.BREAKER_FAILURES,
    openMs: settings.BREAKER_OPEN_MS,
    onChange: ({ key, state }) => log.info({ destination: key, state }, 'circuit breaker'),
  });
  return { egress, breakers };
}

/** Requests under way have this long to end by themselves (ms). */
const requestGraceMs = 4000;

/** What then still hangs is called off, as our own trouble, while its job can still be given back. */
const workersPart = (workers: DispatchWorkers, egress: Egress): Part => ({
  name: 'workers',
  start: () => workers.start(),
  stop: async () => {
    const timer = setTimeout(() => void egress.close(), requestGraceMs);
    await workers.stop();
    clearTimeout(timer);
  },
});

function sessionsPart({ bus }: Context, enqueuePlan: EnqueuePlan): Part & { readonly healthy: () => boolean } {
  let consumption: Consumption | undefined;
  return {
    name: 'sessions',
    healthy: () => consumption?.healthy() ?? false,
    start: async () => {
      consumption = await consumeSessions(bus, serviceName, enqueuePlan);
    },
    stop: async () => consumption?.stop(),
  };
}
