import type { ConfigStore } from '@patchcord/bus';
import {
  type CrmHealth,
  type DestinationReport,
  type DestinationsReply,
  type destinationsRequest,
  queues,
  reportSpans,
  type TenantConfig,
} from '@patchcord/contracts';
import type { JobQueue } from '@patchcord/jobs';
import { fromRedis } from '@patchcord/runtime';
import type { z } from 'zod';
import type { ReadCrmFindings } from '../adapters/crm-health-reader.ts';
import { type LatencySeries, type LatencyWindow, minuteMs } from '../adapters/latency-series.ts';
import type { ReplicaReport, ReplicaReports } from '../adapters/replica-reports.ts';
import { figuresOf, sumOf } from '../domain/latency-classes.ts';
import { type Reported, reportedDestinations } from '../domain/reported-destinations.ts';

export interface ReportDestinationsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly series: Pick<LatencySeries, 'read' | 'keys'>;
  readonly replicas: Pick<ReplicaReports, 'read'>;
  readonly findings: ReadCrmFindings;
  readonly open: (queue: string) => Pick<JobQueue<unknown>, 'depth' | 'oldestAgeMs'>;
  readonly now: () => number;
}

export type ReportDestinations = (request: z.output<typeof destinationsRequest>) => Promise<DestinationsReply>;

/** How each destination of a tenant does, over all replicas. Throws own-trouble without Redis. */
export function createReportDestinations(options: ReportDestinationsOptions): ReportDestinations {
  const { config, series, replicas, now } = options;
  return async ({ tenantId, minutes }) => {
    const window = windowOf(now(), Number(minutes), reportSpans[minutes]);
    const entities = config.tenant(tenantId);
    const [asked, told] = await Promise.all([series.keys(tenantId), replicas.read(tenantId)]);
    const all = reportedDestinations(entities, asked);
    return {
      from: instant(window.from * minuteMs),
      until: instant((window.until + 1) * minuteMs),
      stepMinutes: window.stepMinutes,
      destinations: await Promise.all(
        all.map((destination) => reportOf(options, { tenantId, destination, entities, told, window })),
      ),
      replicas: told.map(({ replica, toldAt }) => ({ replica, toldAt: instant(toldAt) })),
    };
  };
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** Whole steps, so that a step does not change its content while one looks. */
function windowOf(at: number, minutes: number, stepMinutes: number): LatencyWindow {
  const until = Math.floor(at / minuteMs);
  return { from: Math.floor((until - minutes + 1) / stepMinutes) * stepMinutes, until, stepMinutes };
}

interface Asked {
  readonly tenantId: string;
  readonly destination: Reported;
  readonly entities: TenantConfig;
  readonly told: readonly ReplicaReport[];
  readonly window: LatencyWindow;
}

async function reportOf(options: ReportDestinationsOptions, asked: Asked): Promise<DestinationReport> {
  const { tenantId, destination, entities, told, window } = asked;
  const { limits, ...known } = destination;
  const { key, id, kind } = known;
  const connection = kind === 'crm' ? entities['crm-connection'].get(id) : undefined;
  const [steps, work, findings] = await Promise.all([
    options.series.read(tenantId, key, window),
    workOf(options, tenantId, destination),
    connection === undefined ? undefined : fromRedis(options.findings(tenantId, connection)),
  ]);
  return {
    ...known,
    total: figuresOf(sumOf(steps.map(({ counts }) => counts))),
    steps: steps.map(({ at, counts }) => ({ at: instant(at), ...figuresOf(counts) })),
    breakers: told.flatMap(({ replica, breakers }) => of(breakers, key).map((rest) => ({ ...rest, replica }))),
    holds: [...ownHolds(told, key), ...(findings?.hold === undefined ? [] : [findings.hold])],
    limits: { ...limits, ...quotaOf(findings) },
    ...work,
  };
}

/** Those of a destination, without its key. */
const of = <Told extends { readonly key: string }>(all: readonly Told[], wanted: string): Omit<Told, 'key'>[] =>
  all.flatMap(({ key, ...rest }) => (key === wanted ? [rest] : []));

const ownHolds = (told: readonly ReplicaReport[], key: string): DestinationReport['holds'] =>
  told.flatMap(({ replica, holds }) =>
    of(holds, key).map(({ until }) => ({ until, code: 'destination_throttled', replica })),
  );

function quotaOf(findings: Pick<CrmHealth, 'limits'> | undefined): Pick<DestinationReport['limits'], 'quota'> {
  const quota = findings?.limits.quota;
  if (quota === undefined) return {};
  const { requests, left, per, resetsAt } = quota;
  return { quota: { requests, left, per, resetsAt } };
}

type Work = Pick<DestinationReport, 'work' | 'oldestAgeMs'>;

/** What asks while a caller waits has no queue. */
async function workOf({ open }: ReportDestinationsOptions, tenantId: string, { kind, key }: Reported): Promise<Work> {
  if (kind === 'rule' || kind === 'identification') return { work: { waiting: 0, active: 0, delayed: 0, dead: 0 } };
  const queue = open(queues.crmDispatch(tenantId, key));
  const [work, oldestAgeMs] = await Promise.all([queue.depth(), queue.oldestAgeMs()]);
  return { work, ...(oldestAgeMs === undefined ? {} : { oldestAgeMs }) };
}
