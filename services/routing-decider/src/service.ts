import { type Bus, callRpc, createSharedSubscriptions, serveRpc } from '@patchcord/bus';
import { type RoutingRule, type RpcDefinition, rpc, ruleOfDialled, subjects } from '@patchcord/contracts';
import {
  type CounterMetric,
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  httpPart,
  type Part,
  type Service,
  type ServiceContext,
} from '@patchcord/runtime';
import { observed } from './adapters/observed.ts';
import { observedFlow } from './adapters/observed-flow.ts';
import { observedIdentification } from './adapters/observed-identification.ts';
import { createPrefetching } from './adapters/prefetching.ts';
import { createTurnClock } from './adapters/turn-clock.ts';
import type { Settings } from './config.ts';
import { createFlowMemory } from './domain/flow-memory.ts';
import { createPbxOfPeer } from './domain/pbx-peers.ts';
import { createAgiFlow } from './routes/agi-flow.ts';
import { createAgiIdentify } from './routes/agi-identify.ts';
import { fastAgiPart } from './routes/agi-part.ts';
import { createAgiRoute } from './routes/agi-route.ts';
import { createAgiScripts } from './routes/agi-scripts.ts';
import type { SessionNews } from './routes/agi-wait.ts';
import { registerDecide } from './routes/decide.ts';
import { registerFlow } from './routes/flow.ts';
import { registerIdentify } from './routes/identify.ts';
import { createAfterCallers } from './usecases/after-callers.ts';
import { createCatchUpFlows } from './usecases/catch-up-flows.ts';
import { createDecideRoute, type DecideRoute } from './usecases/decide-route.ts';
import { createIdentify } from './usecases/identify.ts';
import { createKeepDecision } from './usecases/keep-decision.ts';
import { createRunFlow, type RunFlow, type RunFlowOptions } from './usecases/run-flow.ts';
import { createSharedLookups } from './usecases/shared-lookups.ts';
import { createStartWorkflows } from './usecases/start-workflows.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'routing-decider';

/** Callers wait on the line: more at once than any PBX asks, but not without bound. */
const decisionsAtOnce = 2000;

/** Answers "where does this call go?" over HTTP, FastAGI and NATS. What it keeps, it keeps for speed. */
export function createRoutingDecider(context: ServiceContext<Settings>): Service {
  const { bus, config, log, settings } = context;
  const deciding = decidingOf(context);
  const { decide, identify } = deciding;
  const flows = flowsOf(context);
  const { runFlow } = flows;
  const ttsApplication = settings.FASTAGI_TTS_APPLICATION;
  const health = createHealth({ nats: () => bus.ready() });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'Routing decider' });
      registerDecide(app, { decide, now, turn });
      registerIdentify(app, { identify, now, turn });
      registerFlow(app, { runFlow });
      return app;
    },
  });
  const agi = fastAgiPart({
    host: settings.FASTAGI_HOST,
    port: settings.FASTAGI_PORT,
    now: turn,
    handle: createAgiScripts({
      pbxOf: createPbxOfPeer(settings.FASTAGI_PBXS),
      scripts: {
        identify: createAgiIdentify({ identify, now }),
        flow: createAgiFlow({ runFlow, news: newsOf(bus), identify, now, ttsApplication }),
        route: createAgiRoute({ ...rulesOf(context), decide, now }),
      },
      onRefused: (about) => log.warn(about, 'a call over FastAGI is not served as its dialplan asks'),
    }),
    log,
  });
  const parts = [deciding.kept, deciding.prefetched, flows.caughtUp, rpcPart(bus, decide), http, agi];
  return composeService({ name: serviceName, log, health, parts });
}

const now = (): number => performance.now();
const turn = createTurnClock(now);

/** A decision is kept with its call when the session is told of it within this time (ms). */
const keepTimeoutMs = 1000;

/** While callers wait it is not, but for no longer than this (ms); `latestMs`: while very many wait. */
const keepAfter = { soonMs: 100, latestMs: 250 };

function decidingOf(context: ServiceContext<Settings>) {
  const { bus, config, log, settings } = context;
  const metrics = createMetrics(serviceName);
  const observing = { service: serviceName, metrics, log };
  const lost = metrics.counter('decisions_not_kept', 'Decisions that are not in the session of their call');
  const callers = createAfterCallers(keepAfter);
  const { keep, stop } = createKeepDecision({
    write: async (request) => {
      await callers.quiet();
      return callRpc(bus, rpc.writeSession, request, { timeoutMs: keepTimeoutMs });
    },
    onLost: (about) => {
      lost.add(1, { code: about.code });
      log.warn(about, 'a decision is not kept with its call');
    },
    now: () => new Date(),
  });
  const lookup = asking(bus, rpc.lookup, metrics.counter('lookups', 'Lookups by what the dispatcher answered'));
  const maxBudgetMs = settings.ROUTING_MAX_BUDGET_MS;
  const rules = rulesOf(context);
  const prefetching = createPrefetching({
    ...observing,
    ...rules,
    bus,
    lookup: createSharedLookups({ lookup, now }),
    lookupAhead: createSharedLookups({ lookup, now }),
    maxBudgetMs,
    now,
  });
  const decided = observed(
    createDecideRoute({ ruleOf: rules.ruleOf, lookup: prefetching.lookup, now, maxBudgetMs }),
    observing,
  );
  const decide: DecideRoute = async (request, arrivedAt) => {
    const decision = await callers.serving(() => decided(request, arrivedAt));
    // The answers of this turn leave first.
    setImmediate(keep, request, decision);
    return decision;
  };
  const identify = observedIdentification(
    createIdentify({
      nodeOf: (tenantId, id) => config.tenant(tenantId).identification.get(id),
      ask: asking(bus, rpc.identify, metrics.counter('identifications', 'Services asked, by what was answered')),
      now,
    }),
    observing,
  );
  const kept: Part = { name: 'decisions kept', stop };
  return { decide, identify, kept, prefetched: prefetching.part };
}

/** The session of a caller on the line is read and written within these times, or the flow goes on without it (ms). */
const readTimeoutMs = 800;
const writeTimeoutMs = 1000;

/** How often sessions get what could not be written into them (ms). */
const catchUpEveryMs = 2000;

function flowsOf({ bus, config, log }: ServiceContext<Settings>): {
  readonly runFlow: RunFlow;
  readonly caughtUp: Part;
} {
  const options: RunFlowOptions = {
    flowOf: (tenantId, id) => config.tenant(tenantId).flow.get(id),
    triggersOf: (tenantId) => config.tenant(tenantId).trigger,
    regionOf: (tenantId) => [...config.tenant(tenantId).tenant.values()].at(0)?.defaultRegion,
    read: (call) => callRpc(bus, rpc.readSession, call, { timeoutMs: readTimeoutMs }),
    write: (request) => callRpc(bus, rpc.writeSession, request, { timeoutMs: writeTimeoutMs }),
    memory: createFlowMemory({ now }),
    startWorkflow: createStartWorkflows({
      run: (request, timeoutMs) => callRpc(bus, rpc.runWorkflow, request, { timeoutMs }),
      onTrouble: (about) => log.warn(about, 'a workflow of a flow was not answered for'),
    }),
    now: Date.now,
  };
  const observing = { service: serviceName, metrics: createMetrics(serviceName), log };
  const caughtUp = repeatedly('flows caught up', createCatchUpFlows(options));
  return { runFlow: observedFlow(createRunFlow(options), observing), caughtUp };
}

/** Does it again and again while the service runs, and once more when it stops. */
function repeatedly(name: string, work: () => Promise<void>): Part {
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  return {
    name,
    start: async () => {
      timer = setInterval(() => {
        current = current.then(work);
      }, catchUpEveryMs);
    },
    stop: async () => {
      clearInterval(timer);
      await current.then(work);
    },
  };
}

/** What the changes of a session are is read from the store: they are only the sign that there are some. */
function newsOf(bus: Bus): SessionNews {
  const changes = createSharedSubscriptions(bus, (json) => (json === undefined ? undefined : true));
  return ({ tenantId, callId }, onChange) =>
    changes.subscribe(subjects.event(tenantId, 'session', callId, 'changed'), onChange);
}

interface Rules {
  readonly ruleOf: (tenantId: string, ruleId: string) => RoutingRule | undefined;
  readonly ruleOfDid: (tenantId: string, dialled: string) => RoutingRule | undefined;
}

const rulesOf = ({ config }: Pick<ServiceContext<Settings>, 'config'>): Rules => ({
  ruleOf: (tenantId, ruleId) => config.tenant(tenantId)['routing-rule'].get(ruleId),
  ruleOfDid: (tenantId, dialled) => ruleOfDialled(config.tenant(tenantId)['routing-rule'], dialled),
});

/** Asks crm-dispatcher, the only one that speaks to CRMs. */
function asking<Request, Reply extends { readonly outcome: string }>(
  bus: Bus,
  definition: RpcDefinition<Request, Reply>,
  counter: CounterMetric,
): (request: Request, timeoutMs: number) => Promise<Reply> {
  return async (request, timeoutMs) => {
    let outcome = 'no-answer';
    try {
      const reply = await callRpc(bus, definition, request, { timeoutMs });
      outcome = reply.outcome;
      return reply;
    } finally {
      counter.add(1, { outcome });
    }
  };
}

function rpcPart(bus: Bus, decide: DecideRoute): Part {
  let served: ReturnType<typeof serveRpc> | undefined;
  return {
    name: 'rpc',
    start: async () => {
      served = serveRpc(bus, rpc.decideRoute, (request) => decide(request, now()), { concurrency: decisionsAtOnce });
    },
    stop: async () => served?.stop(),
  };
}
