import { createDeadLetters, createPublisher, type Publisher, serveRpc } from '@patchcord/bus';
import { type Transcripts, transcriptsOf } from '@patchcord/call-model';
import { createContacts } from '@patchcord/contacts';
import {
  type Campaign,
  campaignOf,
  digitalContactIdOf,
  type Form,
  queues,
  rpc,
  type Session,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  httpPart,
  type Part,
  type RedisContext,
  type Service,
  type ServiceMetrics,
} from '@patchcord/runtime';
import { createCallIndex } from './adapters/call-index.ts';
import { createCallStore } from './adapters/call-store.ts';
import { createDigitalStore } from './adapters/digital-store.ts';
import { createDispatch, createMemorialize } from './adapters/dispatch.ts';
import { createDispositionStore } from './adapters/disposition-store.ts';
import { observed } from './adapters/observed.ts';
import { createSchedule } from './adapters/schedule.ts';
import { createCards } from './cards.ts';
import type { Settings } from './config.ts';
import { consumeAgents } from './consumers/agent-events.ts';
import { consumeDigital } from './consumers/digital-events.ts';
import { consumeSessions } from './consumers/session-events.ts';
import type { DigitalStore } from './domain/ports.ts';
import type { CallRef } from './domain/state.ts';
import { acwTimerJob, followUpJob, internalRetry } from './jobs/catalog.ts';
import { startAcwTimerWorker, startAfterCallWorker } from './jobs/workers.ts';
import { registerDigital } from './routes/digital.ts';
import { registerInteractions } from './routes/interactions.ts';
import { createActOnDigital } from './usecases/act-on-digital.ts';
import { createCallInteractions } from './usecases/call-interactions.ts';
import { createChangeCall } from './usecases/change-call.ts';
import { createChangeDisposition } from './usecases/change-disposition.ts';
import { createContactDispositions } from './usecases/contact-dispositions.ts';
import { createEndAcw, type EndAcwOptions } from './usecases/end-acw.ts';
import { createExtendAcw } from './usecases/extend-acw.ts';
import { createFindCall } from './usecases/find-call.ts';
import { createFindDigital } from './usecases/find-digital.ts';
import { createObserveDigital } from './usecases/observe-digital.ts';
import { createObserveSession, type ObserveSession } from './usecases/observe-session.ts';
import { createListOpenAcw, type OpenAcwOptions } from './usecases/open-acw.ts';
import { createPerform } from './usecases/perform-effects.ts';
import { createRecordDisposition } from './usecases/record-disposition.ts';
import { createReviewCall } from './usecases/review-call.ts';
import { createTellMemorialized } from './usecases/tell-memorialized.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'disposition';

type Context = RedisContext<Settings>;

/** After the call: dispositions, after-call work, and the record for the CRM. Its state lives in Redis. */
export function createDisposition(context: Context): Service {
  const { bus, config, log, settings, redis, redisUrl } = context;
  const metrics = createMetrics(serviceName);
  const jobs = createJobs({ redisUrl, log });
  const app = useCases(context, jobs, metrics);
  const workers = { service: serviceName, jobs, deadLetters: createDeadLetters(bus), ...app };
  const running = {
    afterCall: held('after-call worker', async () => startAfterCallWorker(workers)),
    acwTimer: held('acw-timer worker', async () => startAcwTimerWorker(workers)),
    sessions: held('session consumer', () => consumeSessions(bus, serviceName, app.observe)),
    digital: held('digital consumer', () => consumeDigital(bus, serviceName, app.observeDigital)),
    agents: held('agent consumer', () => consumeAgents(bus, serviceName, app.endAcw)),
    cards: held('card consumer', app.cards.consume),
    cardRuns: held('card worker', async () => app.cards.startWorker()),
  };
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    ...Object.fromEntries(Object.values(running).map(({ name, healthy }) => [name.replaceAll(' ', '-'), healthy])),
  });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const server = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'Disposition' });
      registerInteractions(server, app);
      registerDigital(server, app.findDigital);
      return server;
    },
  });
  const jobsPart: Part = { name: 'jobs', stop: () => jobs.close() };
  const { afterCall, acwTimer, sessions, digital, agents, cards, cardRuns } = running;
  const rpcPart = served(context, app);
  const workersAndConsumers = [afterCall, acwTimer, cardRuns, sessions, digital, agents, cards];
  const parts = [jobsPart, openAcwGauge(jobs, metrics), ...workersAndConsumers, rpcPart, app.cards.rpcPart, http];
  return composeService({ name: serviceName, log, health, parts });
}

function useCases(context: Context, jobs: Jobs, metrics: ServiceMetrics) {
  const { bus, config, log, redis, settings } = context;
  const ttlMs = settings.AFTER_CALL_TTL_MS;
  const digitalTtlMs = settings.DIGITAL_TTL_MS;
  const store = createCallStore({ redis, ttlMs, digitalTtlMs });
  const digital = createDigitalStore({ redis, ttlMs: digitalTtlMs });
  const dispositions = createDispositionStore({ redis, ttlMs: settings.DISPOSITION_TTL_MS });
  const index = createCallIndex(redis, ttlMs, digitalTtlMs);
  const schedule = scheduleOf(jobs, settings);
  const publisher = createPublisher(bus);
  const links = createContacts(redis);
  const handing = { dispatch: createDispatch(jobs), memorialize: createMemorialize(jobs) };
  const perform = observed(createPerform({ publisher, index, dispositions, schedule, ...handing }), { metrics, log });
  const common = {
    store,
    index,
    schedule,
    change: createChangeCall({ store, perform }),
    findCall: createFindCall(index, store),
    campaignOf: (session: Session): Campaign | undefined => campaignOf(config.tenant(session.tenantId), session),
    formsOf: (tenantId: string): ReadonlyMap<string, Form> => config.tenant(tenantId).form,
    contactOf: async (tenantId: string, callId: string) => (await links.linkOf(tenantId, callId))?.contactId,
    now: Date.now,
  };
  const record = createRecordDisposition(common);
  const contacts = createContactDispositions({
    ...common,
    store: dispositions,
    // What an event needs of the call is in the event.
    publish: ({ tenantId, dispositionId }, events) => perform({ tenantId, callId: dispositionId }, events),
    campaign: (tenantId, campaignId) => config.tenant(tenantId).campaign.get(campaignId),
    sessionOf: async (tenantId, callId) => (await store.read({ tenantId, callId }))?.session,
  });
  const observe = createObserveSession(common);
  const cards = createCards({ context, service: serviceName, jobs, dispositions });
  return {
    observe,
    cards,
    observeDigital: createObserveDigital({ store: digital, observe: both(observe, cards.observe), now: Date.now }),
    ...digitalUses(context, digital, publisher),
    interactionsOf: createCallInteractions(common),
    record,
    contacts,
    changeDisposition: createChangeDisposition({ contacts, record, store: dispositions }),
    dispositions,
    ...acwUses(common),
    review: createReviewCall({
      ...common,
      memorializationsOf: (tenantId, { memorialize }) =>
        memorialize.flatMap((id) => config.tenant(tenantId).memorialization.get(id) ?? []),
      linksOf: cards.recordsOf,
      transcriptsOf: transcriptsIn(digital),
    }),
    tellMemorialized: createTellMemorialized({
      publisher,
      nameOf: (tenantId, id) => config.tenant(tenantId).memorialization.get(id)?.name ?? id,
      tellCard: cards.tell,
      now: Date.now,
    }),
  };
}

/** Digital contacts as agents see and handle them. */
function digitalUses({ config }: Context, store: DigitalStore, publisher: Publisher) {
  const findDigital = createFindDigital(store);
  const actOnDigital = createActOnDigital({
    find: findDigital,
    publish: (events) => publisher.publishAll(events),
    agentName: (tenantId, agentId) => config.tenant(tenantId).agent.get(agentId)?.name,
    now: Date.now,
  });
  return { findDigital, actOnDigital };
}

/** After-call work: ended, extended, listed. */
const acwUses = (common: EndAcwOptions & OpenAcwOptions) => ({
  endAcw: createEndAcw(common),
  extendAcw: createExtendAcw(common),
  listOpenAcw: createListOpenAcw(common),
});

const scheduleOf = (jobs: Jobs, settings: Settings) =>
  createSchedule({
    afterCallJobs: jobs.queue(queues.afterCall, followUpJob, { schedule: internalRetry }),
    acwTimers: jobs.queue(queues.acwTimer, acwTimerJob, { schedule: internalRetry }),
    settleMs: settings.AFTER_CALL_SETTLE_MS,
    unansweredSettleMs: settings.AFTER_CALL_UNANSWERED_SETTLE_MS,
  });

/** A digital contact is told once, for what comes after it and for its card. */
const both =
  (first: ObserveSession, second: ObserveSession): ObserveSession =>
  async (session) => {
    await first(session);
    await second(session);
  };

/** What was written in the digital contact under a call id. */
function transcriptsIn(store: DigitalStore) {
  return async ({ tenantId, callId }: CallRef): Promise<Transcripts | undefined> => {
    const contactId = digitalContactIdOf(callId);
    return contactId === undefined ? undefined : transcriptsOf((await store.read({ tenantId, contactId })).log);
  };
}

function served({ bus }: Context, app: ReturnType<typeof useCases>): Part {
  let servers: ReturnType<typeof serveRpc>[] = [];
  const { record, contacts, changeDisposition, dispositions, interactionsOf, findDigital, actOnDigital } = app;
  const { endAcw, extendAcw, listOpenAcw } = app;
  return {
    name: 'rpc',
    start: async () => {
      servers = [
        serveRpc(bus, rpc.openAcw, listOpenAcw),
        serveRpc(bus, rpc.extendAcw, extendAcw),
        serveRpc(bus, rpc.endAcw, ({ tenantId, interactionId, onlyOf }) =>
          endAcw.byAgent(tenantId, interactionId, onlyOf),
        ),
        serveRpc(bus, rpc.recordDisposition, record),
        serveRpc(bus, rpc.createDisposition, async (request) => ({ entry: await contacts.create(request) })),
        serveRpc(bus, rpc.changeDisposition, async (request) => ({ entry: await changeDisposition(request) })),
        serveRpc(bus, rpc.callInteractions, async (request) => ({ interactions: await interactionsOf(request) })),
        serveRpc(bus, rpc.digitalContacts, async ({ tenantId, ...filter }) => ({
          contacts: await findDigital.open(tenantId, filter),
        })),
        serveRpc(bus, rpc.actOnDigital, actOnDigital),
        serveRpc(bus, rpc.listDispositions, async (request) => ({ dispositions: await dispositions.find(request) })),
      ];
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** Timers are taken back when after-call work ends before its time, so each that waits is one that is open. */
function openAcwGauge(jobs: Jobs, metrics: ServiceMetrics): Part {
  const timers = jobs.queue(queues.acwTimer, acwTimerJob, { schedule: internalRetry });
  const gauge = metrics.gauge('acw_open', 'After-call work under way, over all replicas', async (result) => {
    result.observe((await timers.depth()).delayed);
  });
  return { name: 'metrics', stop: async () => gauge.remove() };
}

interface Running {
  stop(): Promise<void>;
  healthy(): boolean;
}

/** A part that runs from start to stop, and is healthy only in between. */
function held(name: string, begin: () => Promise<Running>): Part & { readonly healthy: () => boolean } {
  let running: Running | undefined;
  return {
    name,
    healthy: () => running?.healthy() ?? false,
    start: async () => {
      running = await begin();
    },
    stop: async () => running?.stop(),
  };
}
