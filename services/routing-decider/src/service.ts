import { type Bus, callRpc, serveRpc } from '@patchcord/bus';
import { type LookupReply, rpc } from '@patchcord/contracts';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  httpPart,
  type Part,
  type Service,
  type ServiceContext,
  type ServiceMetrics,
} from '@patchcord/runtime';
import { observed } from './adapters/observed.ts';
import type { Settings } from './config.ts';
import { registerDecide } from './routes/decide.ts';
import { createDecideRoute, type DecideRoute, type DecideRouteOptions } from './usecases/decide-route.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'routing-decider';

/** Callers wait on the line: more at once than any PBX asks, but not without bound. */
const decisionsAtOnce = 2000;

/** Answers "where does this call go?" over HTTP and NATS. Keeps nothing. */
export function createRoutingDecider(context: ServiceContext<Settings>): Service {
  const { bus, config, log, settings } = context;
  const metrics = createMetrics(serviceName);
  const now = (): number => performance.now();
  const decide = observed(
    createDecideRoute({
      ruleOf: (tenantId, ruleId) => config.tenant(tenantId)['routing-rule'].get(ruleId),
      lookup: lookupOver(bus, metrics),
      now,
      maxBudgetMs: settings.ROUTING_MAX_BUDGET_MS,
    }),
    { service: serviceName, metrics, log },
  );
  const health = createHealth({ nats: () => bus.ready() });
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, health, title: 'Routing decider' });
      registerDecide(app, { decide, now });
      return app;
    },
  });
  return composeService({ name: serviceName, log, health, parts: [rpcPart(bus, decide, now), http] });
}

/** Asks crm-dispatcher, the only one that speaks to CRMs. */
function lookupOver(bus: Bus, metrics: ServiceMetrics): DecideRouteOptions['lookup'] {
  const lookups = metrics.counter('lookups', 'Lookups by what the dispatcher answered');
  return async (request, timeoutMs) => {
    let outcome: LookupReply['outcome'] | 'no-answer' = 'no-answer';
    try {
      const reply = await callRpc(bus, rpc.lookup, request, { timeoutMs });
      outcome = reply.outcome;
      return reply;
    } finally {
      lookups.add(1, { outcome });
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
