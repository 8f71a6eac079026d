import type { RedisContext } from '@patchcord/runtime';
import { createReadCrmFindings } from './adapters/crm-health-reader.ts';
import type { LatencySeries } from './adapters/latency-series.ts';
import type { DispatchQueues } from './adapters/queues.ts';
import type { Settings } from './config.ts';
import type { sending } from './sending.ts';
import { createListWorkQueues } from './usecases/list-work-queues.ts';
import { createReportDestinations } from './usecases/report-destinations.ts';
import { createTellCrmHealth } from './usecases/tell-crm-health.ts';

export interface WatchedOptions
  extends Pick<DispatchQueues, 'open'>,
    Pick<ReturnType<typeof sending>, 'crm' | 'sealed' | 'replicas'> {
  readonly series: LatencySeries;
  /** Of all queues that were ever added to. */
  readonly names: () => Promise<string[]>;
}

/** What people look at to see how everything does. */
export function watched({ config, redis }: RedisContext<Settings>, options: WatchedOptions) {
  const { series, replicas, open, names, crm, sealed } = options;
  const findings = createReadCrmFindings(redis);
  const { tokens } = sealed;
  return {
    tellCrmHealth: createTellCrmHealth({ config, open, findings, breakers: crm.breakerNews, tokens }),
    reportDestinations: createReportDestinations({ config, series, replicas, findings, open, now: Date.now }),
    listWorkQueues: createListWorkQueues({ names, open }),
  };
}
