import { type Bus, callRpc, serveRpc } from '@patchcord/bus';
import { type RpcDefinition, rpc } from '@patchcord/contracts';
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
import { observedIdentification } from './adapters/observed-identification.ts';
import type { Settings } from './config.ts';
import { createPbxOfPeer } from './domain/pbx-peers.ts';
import { createAgiIdentify } from './routes/agi-identify.ts';
import { fastAgiPart } from './routes/agi-part.ts';
import { registerDecide } from './routes/decide.ts';
import { registerIdentify } from './routes/identify.ts';
import { createDecideRoute, type DecideRoute } from './usecases/decide-route.ts';
import { createIdentify } from './usecases/identify.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'routing-decider';

/** Callers wait on the line: more at once than any PBX asks, but not without bound. */
const decisionsAtOnce = 2000;

/** Answers "where does this call go?" over HTTP and NATS. Keeps nothing. */
export function createRoutingDecider(context: ServiceContext<Settings>): Service {
  const { bus, config, log, settings } = context;
  const metrics = createMetrics(serviceName);
  const now = (): number => performance.now();
  const observing = { service: serviceName, metrics, log };
  const decide = observed(
    createDecideRoute({
      ruleOf: (tenantId, ruleId) => config.tenant(tenantId)['routing-rule'].get(ruleId),
      lookup: asking(bus, rpc.lookup, metrics.counter('lookups', 'Lookups by what the dispatcher answered')),
      now,
      maxBudgetMs: settings.ROUTING_MAX_BUDGET_MS,
    }),
    observing,
  );
  const identify = observedIdentification(
    createIdentify({
      nodeOf: (tenantId, id) => config.tenant(tenantId).identification.get(id),
      ask: asking(bus, rpc.identify, metrics.counter('identifications', 'Services asked, by what was answered')),
      now,
    }),
    observing,
  );
  const health = createHealth({ nats: () => bus.ready() });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'Routing decider' });
      registerDecide(app, { decide, now });
      registerIdentify(app, { identify, now });
      return app;
    },
  });
  const agi = fastAgiPart({
    host: settings.FASTAGI_HOST,
    port: settings.FASTAGI_PORT,
    handle: createAgiIdentify({
      pbxOf: createPbxOfPeer(settings.FASTAGI_PBXS),
      identify,
      now,
      onRefused: (about) => log.warn(about, 'a call over FastAGI is not served'),
    }),
    log,
  });
  return composeService({ name: serviceName, log, health, parts: [rpcPart(bus, decide, now), http, agi] });
}

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

function rpcPart(bus: Bus, decide: DecideRoute, now: () => number): Part {
  let served: ReturnType<typeof serveRpc> | undefined;
  return {
    name: 'rpc',
    start: async () => {
      served = serveRpc(bus, rpc.decideRoute, (request) => decide(request, now()), { concurrency: decisionsAtOnce });
    },
    stop: async () => served?.stop(),
  };
}
