import { createAmiMapper } from '@patchcord/asterisk';
import { createPublisher } from '@patchcord/bus';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  type HealthReport,
  httpPart,
  type Service,
  type ServiceContext,
  type ServiceMetrics,
} from '@patchcord/runtime';
import { createBusLink } from './adapters/bus-link.ts';
import {
  activeTraceparent,
  createEventMetrics,
  createEventPublisher,
  measuredIngest,
} from './adapters/event-publisher.ts';
import { createPbxConnectors, type PbxConnectors } from './adapters/pbx-connectors.ts';
import { createPbxPublisher } from './adapters/pbx-publisher.ts';
import { createPbxList, createPbxRpc } from './adapters/pbx-rpc.ts';
import { createStoredCalls } from './adapters/stored-calls.ts';
import type { Settings } from './config.ts';
import { createLostCallsCheck } from './jobs/lost-calls-check.ts';
import { registerEvents } from './routes/events.ts';
import { registerPbxs } from './routes/pbxs.ts';
import { createEndLostCalls, type EndLostCalls } from './usecases/end-lost-calls.ts';
import { createIngestEvents } from './usecases/ingest-events.ts';

export { settingsSchema } from './config.ts';

export const serviceName = 'call-ingest';

/** The front door: events of PBXs over HTTP and AMI, stored in one canonical shape. Keeps nothing itself. */
export function createCallIngest(context: ServiceContext<Settings>): Service {
  const { bus, config, log, settings } = context;
  const metrics = createMetrics(serviceName);
  const eventMetrics = createEventMetrics(metrics);
  const publisher = createPublisher(bus);
  const link = createBusLink(bus);
  const publish = createPbxPublisher(publisher, serviceName, eventMetrics);
  const lostCalls = createLostCallsCheck({ endLostCalls: lostCallsOf(context, metrics, publish), log });
  const rpc = createPbxRpc(bus, log);
  const stored = createStoredCalls(bus);
  const pbxs = createPbxConnectors({
    connections: settings.AMI_CONNECTIONS,
    maxQueuedEvents: settings.AMI_MAX_QUEUED_EVENTS,
    createMapper: ({ pbxId, tenantId, trunks }) =>
      createAmiMapper({
        pbxId,
        tenantId,
        trunks,
        onInvalid: (type, issues) => log.error({ pbxId, type, issues }, 'an event of the PBX does not fit its schema'),
      }),
    publish,
    lostCalls,
    rpc,
    isStored: stored.has,
    log,
    metrics,
  });
  const list = createPbxList(bus, () => pbxs.statuses());
  const ingest = measuredIngest(createIngestEvents({ publish: createEventPublisher(publisher, link) }), eventMetrics);
  const health = withPbxs(createHealth({ nats: () => bus.ready() }), pbxs);
  const http = httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'Call ingest' });
      registerEvents(app, { ingest, now: () => new Date(), traceparent: activeTraceparent });
      registerPbxs(app, () => pbxs.statuses());
      return app;
    },
  });
  return composeService({ name: serviceName, log, health, parts: [link, lostCalls, pbxs, list, rpc, http] });
}

function lostCallsOf(
  { bus }: ServiceContext<Settings>,
  metrics: ServiceMetrics,
  publish: ReturnType<typeof createPbxPublisher>,
): EndLostCalls {
  const counter = metrics.counter('lost_calls', 'Calls that ended while nobody listened to their PBX');
  return createEndLostCalls({
    calls: createStoredCalls(bus),
    publish: async (end, pbxId) => {
      await publish([end], pbxId);
      counter.add(1, { pbx: pbxId });
    },
  });
}

/** A PBX that is away is shown, but does not make this process unready: that would close the door to the others. */
function withPbxs(health: () => Promise<HealthReport>, pbxs: PbxConnectors): () => Promise<HealthReport> {
  return async () => {
    const { ready, checks } = await health();
    const seen = pbxs
      .statuses()
      .map(({ pbxId, connected }) => ({ name: `pbx:${pbxId}`, ok: connected, durationMs: 0 }));
    return { ready, checks: [...checks, ...seen] };
  };
}
