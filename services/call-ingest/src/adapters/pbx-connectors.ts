import {
  type AmiConnector,
  type AmiMapper,
  type AmiReport,
  type AmiStatus,
  createAmiConnector,
  createPbxCommands,
} from '@patchcord/asterisk';
import type { AnyEvent } from '@patchcord/contracts';
import type { Logger, Part, ServiceMetrics } from '@patchcord/runtime';
import type { AmiConnection } from '../config.ts';
import type { LostCallsCheck } from '../jobs/lost-calls-check.ts';
import { createRunPbxCommand, type RunPbxCommandOptions } from '../usecases/run-pbx-command.ts';
import type { PbxRpc } from './pbx-rpc.ts';
import { createPresenceMapper } from './presence-mapper.ts';

export interface PbxConnectors extends Part {
  /** One per PBX of the settings. */
  statuses(): AmiStatus[];
}

export interface PbxConnectorsOptions {
  readonly connections: readonly AmiConnection[];
  readonly maxQueuedEvents: number;
  readonly createMapper: (connection: AmiConnection) => AmiMapper;
  readonly publish: (events: readonly AnyEvent[], pbxId: string) => Promise<void>;
  /** Told of each snapshot of a PBX. */
  readonly lostCalls: Pick<LostCallsCheck, 'begin' | 'cancel'>;
  readonly rpc: Pick<PbxRpc, 'open' | 'close'>;
  readonly isStored: RunPbxCommandOptions['isStored'];
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
}

/** What is left when the service stops is published within this time; the rest comes again by resynchronisation. */
const stopWithinMs = 3000;

export function createPbxConnectors(options: PbxConnectorsOptions): PbxConnectors {
  const observe = createObserver(options);
  const connectors = options.connections.map((connection) => connectorFor(connection, options, observe));
  const statuses = (): AmiStatus[] => connectors.map((connector) => connector.status());
  const gauges = gaugesOf(options.metrics, statuses);
  return {
    name: 'pbx-connectors',
    statuses,
    start: async () => {
      for (const connector of connectors) connector.start();
    },
    stop: async () => {
      const lost = await Promise.all(connectors.map((connector) => connector.stop(stopWithinMs)));
      for (const gauge of gauges) gauge.remove();
      const total = lost.reduce((sum, count) => sum + count, 0);
      if (total > 0) options.log.warn({ events: total }, 'stopped before every event of the PBXs was published');
    },
  };
}

type Observer = (connection: AmiConnection, report: AmiReport) => void;

function connectorFor(connection: AmiConnection, options: PbxConnectorsOptions, observe: Observer): AmiConnector {
  const { pbxId, tenantId, host, port, username, secret, tls } = connection;
  const calls = options.createMapper(connection);
  const mapper = createPresenceMapper(calls, connection);
  const lookForLost = (report: AmiReport): void => {
    if (report.kind === 'gap') options.lostCalls.cancel(pbxId);
    const seen = report.kind === 'live' && report.resynchronised ? mapper.take() : undefined;
    if (report.kind !== 'live' || seen === undefined) return;
    const presence = { ...seen, restarted: report.restarted };
    options.lostCalls.begin({
      presence,
      openCalls: () => mapper.openCalls(),
      queued: () => connector.status().queued,
    });
  };
  const run = createRunPbxCommand({
    pbxId,
    tenantId,
    isStored: options.isStored,
    commands: () => {
      const client = connector.client();
      if (client === undefined) return undefined;
      return createPbxCommands({ pbxId, client, dialplan: connection.dialplan, callOf: (uid) => calls.callOf(uid) });
    },
  });
  const serve = ({ kind }: AmiReport): void => {
    if (kind === 'live') options.rpc.open(pbxId, run);
    if (kind === 'gap') options.rpc.close(pbxId);
  };
  const connector = createAmiConnector({
    pbxId,
    tenantId,
    host,
    port,
    username,
    secret: secret.reveal(),
    tls,
    mapper,
    publish: (events) => options.publish(events, pbxId),
    onReport: (report) => {
      observe(connection, report);
      lookForLost(report);
      serve(report);
    },
    limits: { maxQueuedEvents: options.maxQueuedEvents },
  });
  return connector;
}

function gaugesOf(metrics: ServiceMetrics, statuses: () => AmiStatus[]) {
  const perPbx = (thing: string, description: string, value: (status: AmiStatus) => number) =>
    metrics.gauge(thing, description, (result) => {
      for (const status of statuses()) result.observe(value(status), { pbx: status.pbxId });
    });
  return [
    perPbx('ami_queue_events', 'Events of a PBX that wait to be published', ({ queued }) => queued),
    perPbx('ami_connected', '1 while a PBX is connected over AMI', ({ connected }) => (connected ? 1 : 0)),
  ];
}

/** Logs and counts what connectors report. A state that lasts is logged once, not with every attempt. */
function createObserver({ log, metrics }: PbxConnectorsOptions): Observer {
  const gaps = metrics.counter('ami_gaps', 'Times that events of a PBX were missed, by reason');
  const restarts = metrics.counter('ami_restarts', 'Restarts and crashes of a PBX that were noticed');
  const received = metrics.counter('events_received', 'Events by where they came from and what became of them');
  const told = new Map<string, string>();
  const isNews = (pbxId: string, what: string): boolean => {
    if (told.get(pbxId) === what) return false;
    told.set(pbxId, what);
    return true;
  };
  return ({ pbxId, tenantId }, report) => {
    const about = { pbxId, tenantId };
    switch (report.kind) {
      case 'live':
        if (report.restarted) restarts.add(1, { pbx: pbxId });
        isNews(pbxId, 'live');
        if (!report.resynchronised)
          log.warn(about, 'PBX connected; its user may not list channels: gaps are not healed');
        return log.info({ ...about, channels: report.channels, restarted: report.restarted }, 'PBX connected');
      case 'gap':
        gaps.add(1, { pbx: pbxId, reason: report.failure.code });
        return log.warn({ ...about, code: report.failure.code }, 'PBX disconnected: events are missed from here on');
      case 'connect-failed':
        if (!isNews(pbxId, report.failure.code)) return;
        // A wrong password or a wrong port stays wrong until a person looks.
        return log[report.failure.class === 'permanent' ? 'error' : 'warn'](
          { ...about, code: report.failure.code, reason: report.failure.message },
          'PBX not connected; trying again without end',
        );
      case 'overloaded':
        return log.warn({ ...about, queued: report.queued }, 'PBX dropped on purpose until its events are published');
      case 'publish-failed':
        // Each attempt, while NATS is away: that is logged once already, and the queue's depth is a metric.
        return log.debug(
          { ...about, code: report.failure.code, queued: report.queued },
          'events of the PBX wait for NATS',
        );
      case 'event-dropped':
        received.add(1, { source: 'ami', outcome: 'refused' });
        return log.error(
          { ...about, ...report.event, code: report.failure.code },
          'an event of the PBX cannot be stored',
        );
      case 'message-failed':
        return log.error({ ...about, event: report.event, err: report.error }, 'an AMI message was not understood');
    }
  };
}
