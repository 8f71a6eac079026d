import { type Consumption, createDeadLetters, createPublisher } from '@patchcord/bus';
import { createContacts } from '@patchcord/contacts';
import { type RetrySchedule, recordRetry } from '@patchcord/contracts';
import { createOpenId, type Egress, type Mailer } from '@patchcord/egress';
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
import type { AgentStates } from './adapters/agent-states.ts';
import { createDeliveryLog } from './adapters/delivery-log.ts';
import { gaugesPart } from './adapters/gauges.ts';
import { createLatencySeries } from './adapters/latency-series.ts';
import { createDispatcherMetrics, type DispatcherMetrics } from './adapters/metrics.ts';
import { createPopKey } from './adapters/pop-key.ts';
import { createTellAgent } from './adapters/pop-news.ts';
import { createPopRequests } from './adapters/pop-requests.ts';
import { createDispatchQueues, type DispatchQueues } from './adapters/queues.ts';
import { createScreenPops } from './adapters/screen-pops.ts';
import type { SendToSite } from './adapters/sender.ts';
import { cardTellingPart } from './adapters/tell-card.ts';
import { createReadSession } from './adapters/tell-session.ts';
import type { Settings } from './config.ts';
import { consumeAgentEvents } from './consumers/agent-events.ts';
import { consumeCustomEvents } from './consumers/custom-events.ts';
import { consumeDispositions } from './consumers/disposition-events.ts';
import { consumeSessions } from './consumers/session-events.ts';
import { createDispatchWorkers, type DispatchWorkers } from './jobs/dispatch-workers.ts';
import { registerPops } from './routes/pops.ts';
import { rpcPart } from './routes/rpc.ts';
import { sending, storyLinkOf } from './sending.ts';
import { createAskCrms } from './usecases/ask-crms.ts';
import { createBury } from './usecases/bury.ts';
import { createCheckFrame } from './usecases/check-frame.ts';
import { createBeginConsent, createEndConsent } from './usecases/consent.ts';
import { createDeliver } from './usecases/deliver.ts';
import { createDeliverPresence, withoutPresence } from './usecases/deliver-presence.ts';
import { createDiscardJob } from './usecases/discard-job.ts';
import { createEnqueueJobs } from './usecases/enqueue-jobs.ts';
import {
  createEnqueuePlan,
  createFireAgent,
  createFireCustom,
  createFireDisposition,
} from './usecases/enqueue-plan.ts';
import { createFindContacts } from './usecases/find-contacts.ts';
import { createFireSites } from './usecases/fire-sites.ts';
import { createGiveOut, createListPops } from './usecases/give-out-pop.ts';
import { createIdentify } from './usecases/identify.ts';
import { createKeepAnswer } from './usecases/keep-answer.ts';
import { createLookup } from './usecases/lookup.ts';
import { createNoteRetry } from './usecases/note-retry.ts';
import { createOfferPop } from './usecases/offer-pop.ts';
import { createOpenPop } from './usecases/open-pop.ts';
import { createRemovedDestinations } from './usecases/removed-destinations.ts';
import { createReplayJob } from './usecases/replay-job.ts';
import { createReport } from './usecases/report.ts';
import { createRunAutomations } from './usecases/run-automations.ts';
import { createSignIn } from './usecases/sign-in.ts';
import { createTellPresence } from './usecases/tell-presence.ts';
import { createTestAutomation } from './usecases/test-automation.ts';
import { createTestSite } from './usecases/test-site.ts';
import { createWithdrawPops } from './usecases/withdraw-pops.ts';
import { createWriteOutcome, type WriteOutcome } from './usecases/write-outcome.ts';
import { watched } from './watched.ts';
import { workflowsPart } from './workflows.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'crm-dispatcher';

type Context = RedisContext<Settings>;

/** The only door to CRMs. Queues, delivery log and turns lie in Redis; breakers and holds are each replica's own. */
export function createCrmDispatcher(context: Context): Service {
  const { bus, redis, log, config, settings } = context;
  const built = build(context);
  const { workers, jobs, popKey } = built;
  const sessions = consumerPart('sessions', () => consumeSessions(bus, serviceName, built.enqueuePlan));
  const dispositions = consumerPart('dispositions', () => consumeDispositions(bus, serviceName, built.fireDisposition));
  const custom = consumerPart('custom', () => consumeCustomEvents(bus, serviceName, built.fireCustom));
  const agents = consumerPart('agents', () =>
    consumeAgentEvents(bus, serviceName, [built.tellPresence, built.fireAgent]),
  );
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    queues: () => jobs.healthy(),
    workers: () => workers.healthy(),
    'session-consumer': sessions.healthy,
    'disposition-consumer': dispositions.healthy,
    'custom-consumer': custom.healthy,
    'agent-consumer': agents.healthy,
  });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'CRM dispatcher' });
      await registerPops(app, built.openPop);
      return app;
    },
  });
  const connections: Part = {
    name: 'connections',
    stop: async () => {
      await jobs.close();
      await Promise.all([built.authenticator.settled(), built.sessions.settled()]);
      built.mailer.close();
      await built.egress.close();
    },
  };
  const work = [popKey, workersPart(workers, built), sessions, dispositions, custom, agents];
  const parts = [
    built.sealed,
    connections,
    built.gauges,
    built.series,
    built.replicas,
    ...built.crm.parts,
    cardTellingPart(jobs, bus, log),
    workflowsPart(built.runner),
    ...work,
    built.rpc,
    http,
  ];
  return composeService({ name: serviceName, log, health, parts });
}

function build(context: Context) {
  const { bus, config, log, settings, redis, redisUrl } = context;
  const serviceMetrics = createMetrics(serviceName);
  const series = createLatencySeries(redis);
  const metrics = createDispatcherMetrics(serviceMetrics, (...request) => series.asked(...request));
  const schedule: RetrySchedule = { ...recordRetry, delaysMs: settings.DISPATCH_RETRY_DELAYS_MS };
  const jobs = createJobs({ redisUrl, log });
  const queues = createDispatchQueues(jobs, schedule);
  const deliveries = createDeliveryLog(redis);
  const deadLetters = createDeadLetters(bus);
  const source = `/service/${serviceName}`;
  const publisher = createPublisher(bus);
  const report = createReport({ config, deliveries, publisher, log, source });
  const outbound = sending(context, { publisher, source, metrics: serviceMetrics, jobs, addSteps: queues.addSteps });
  const { writeVariables, holds } = outbound;
  const { replay, addAgain, enqueue, open } = queues;
  const writeOutcome = createWriteOutcome({ writeVariables, enqueue, log });
  const deliver = createDeliver({
    ...outbound,
    config,
    holds,
    removed: createRemovedDestinations(settings.DISPATCH_REMOVED_GRACE_MS, Date.now),
    keepAnswer: createKeepAnswer({ writeOutcome, log }),
    report: withoutPresence(report),
    metrics,
    log,
  });
  const workers = createDispatchWorkers({
    jobs,
    wake: (queue) => open(queue).wake(),
    config,
    schedule,
    log,
    handle: createDeliverPresence({ deliver, states: outbound.agentStates, report, now: Date.now }),
    onDead: createBury({ service: serviceName, deadLetters, report, metrics, writeOutcome }),
    onRetry: createNoteRetry(withoutPresence(report)),
  });
  const { agentsPops, ...firing } = firingOf(context, { ...outbound, metrics, enqueue, writeOutcome });
  return {
    ...outbound,
    ...firing,
    jobs,
    series,
    workers,
    gauges: gaugesPart({ metrics: serviceMetrics, breakers: outbound.breakers, queues: workers.queues, open }),
    rpc: rpcPart({
      bus,
      metrics,
      deliveries,
      lookup: createLookup({ ...outbound, config, metrics }),
      identify: createIdentify({ ...outbound, config, metrics }),
      replayJob: createReplayJob({ service: serviceName, replay, addAgain, deadLetters }),
      discardJob: createDiscardJob({ deadLetters, report, giveUp: queues.giveUp }),
      secrets: outbound.sealed.secrets,
      ...askedByPeople(context, outbound),
      ...agentsPops,
      ...watched(context, { ...outbound, series, open, names: () => jobs.queueNames() }),
    }),
  };
}

interface FiringOptions {
  readonly metrics: DispatcherMetrics;
  readonly enqueue: DispatchQueues['enqueue'];
  readonly writeOutcome: WriteOutcome;
  readonly sendToSite: SendToSite;
  readonly agentStates: AgentStates;
  readonly egress: Pick<Egress, 'send'>;
}

/** What happens when sites and automations fire: work is put into queues, pops before agents. */
function firingOf({ bus, config, redis, settings, log }: Context, firing: FiringOptions) {
  const { metrics, enqueue, writeOutcome, sendToSite, egress, agentStates: states } = firing;
  const now = Date.now;
  const popKey = createPopKey(redis, settings.SCREEN_POP_KEY?.reveal());
  const key = popKey.current;
  const pops = createScreenPops(redis);
  const requests = createPopRequests(redis);
  const tell = createTellAgent(bus);
  const { SCREEN_POP_PUBLIC_URL: publicUrl, SCREEN_POP_URL_SECONDS: seconds } = settings;
  const giveOut = createGiveOut({ key, publicUrl, urlTtlMs: seconds * 1000, now });
  const fireSites = createFireSites({
    config,
    findContacts: createFindContacts({ config, contacts: createContacts(redis) }),
    offerPop: createOfferPop({ pops, requests, tell, giveOut, metrics, now }),
  });
  const enqueueJobs = createEnqueueJobs({ enqueue, writeOutcome, onPlanned: metrics.planned });
  const automations = createRunAutomations({ config, log });
  const planning = { config, fireSites, automations, enqueueJobs };
  const withdrawPops = createWithdrawPops({ pops, requests, tell, now });
  return {
    popKey,
    enqueuePlan: createEnqueuePlan({ ...planning, withdrawPops }),
    fireDisposition: createFireDisposition(planning),
    fireCustom: createFireCustom(planning),
    tellPresence: createTellPresence({ config, states, enqueueJobs, now }),
    fireAgent: createFireAgent({ ...planning, readSession: createReadSession(bus) }),
    openPop: createOpenPop({ config, requests, sendToSite, key, now }),
    agentsPops: {
      listPops: createListPops(pops, giveOut),
      checkFrame: createCheckFrame({ config, pops, egress, now }),
    },
  };
}

/** What administrators ask for while they set something up. */
function askedByPeople({ config, settings }: Context, outbound: ReturnType<typeof sending>) {
  const options = { ...outbound.sealed, config, egress: outbound.egress };
  const testing = { ...outbound, config, now: Date.now };
  return {
    testAutomation: createTestAutomation(testing),
    testSite: createTestSite(testing),
    beginConsent: createBeginConsent(options),
    endConsent: createEndConsent(options),
    signIn: createSignIn({ ...options, openId: createOpenId(options) }),
    askCrms: createAskCrms({ ...outbound, config, storyLink: storyLinkOf(settings) }),
    runner: outbound.runner,
  };
}

/** Requests under way have this long to end by themselves (ms). */
const requestGraceMs = 4000;

/** What then still hangs is called off, as our own trouble, while its job can still be given back. */
const workersPart = (workers: DispatchWorkers, { egress, mailer }: { egress: Egress; mailer: Mailer }): Part => ({
  name: 'workers',
  start: () => workers.start(),
  stop: async () => {
    const callOff = (): void => {
      mailer.close();
      void egress.close();
    };
    const timer = setTimeout(callOff, requestGraceMs);
    await workers.stop();
    clearTimeout(timer);
  },
});

/** A durable consumer as a part of the service. */
function consumerPart(name: string, begin: () => Promise<Consumption>): Part & { readonly healthy: () => boolean } {
  let consumption: Consumption | undefined;
  return {
    name,
    healthy: () => consumption?.healthy() ?? false,
    start: async () => {
      consumption = await begin();
    },
    stop: async () => consumption?.stop(),
  };
}
