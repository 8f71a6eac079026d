import type { CrmConnection, Failure } from '@patchcord/contracts';
import type { Part, ServiceMetrics } from '@patchcord/runtime';
import { periodMs } from '../domain/crm-limits.ts';
import { isAlive } from '../domain/crm-status.ts';

interface Place {
  readonly tenantId: string;
  readonly connection: CrmConnection;
}

/** What is measured of the limits and the health of CRM connections, as this replica sees them. */
export interface CrmMetrics extends Part {
  readonly refused: (task: Place & { readonly who: string }, why: string) => void;
  /** A caller's request went out although Redis could not be asked. */
  readonly unchecked: (place: Place) => void;
  readonly used: (place: Place, used: number) => void;
  readonly answered: (place: Place, failure: Failure | undefined) => void;
}

interface Seen {
  readonly place: Place;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const keyOf = ({ tenantId, connection }: Place): string => `${tenantId}/${connection.id}`;

export function createCrmMetrics(
  metrics: ServiceMetrics,
  isThere: (tenantId: string, connectionId: string) => boolean,
): CrmMetrics {
  const refused = metrics.counter('crm_refused', 'Requests to CRMs that their limits did not let through');
  const unchecked = metrics.counter('crm_unchecked', 'Requests of callers that no limit was asked for: no Redis');
  // Each draft that somebody tests has an id of its own: they are counted together.
  const labels = ({ tenantId, connection: { id } }: Place): { tenant: string; connection: string } => ({
    tenant: tenantId,
    connection: isThere(tenantId, id) ? id : 'draft',
  });
  const used = new Map<string, Seen>();
  const failing = new Map<string, Seen>();
  const present = (seen: Map<string, Seen>): Seen[] => {
    for (const [key, { place }] of seen) if (!isThere(place.tenantId, place.connection.id)) seen.delete(key);
    return [...seen.values()];
  };
  const quotaLeft = metrics.gauge('crm_quota_left', 'Requests that are left of the quota of a CRM', (result) => {
    for (const seen of present(used)) result.observe(leftOf(seen), labels(seen.place));
  });
  const isFailing = metrics.gauge(
    'crm_failing',
    '1 if the last request failed: the CRM may be away, or refuses us',
    (result) => {
      for (const { place, value } of present(failing)) result.observe(value, labels(place));
    },
  );
  return {
    name: 'crm-metrics',
    stop: async () => {
      quotaLeft.remove();
      isFailing.remove();
    },
    refused: ({ who, ...place }, why) => refused.add(1, { ...labels(place), who, why }),
    unchecked: (place) => unchecked.add(1, labels(place)),
    used: (place, value) => {
      if (place.connection.quota !== undefined) used.set(keyOf(place), { place, value, at: Date.now() });
    },
    answered: (place, failure) => {
      const value = failure === undefined || isAlive(failure) ? 0 : 1;
      failing.set(keyOf(place), { place, value, at: Date.now() });
    },
  };
}

/** In a new period nothing of it is used yet. */
function leftOf({ place, value, at }: Seen): number {
  const { quota } = place.connection;
  if (quota === undefined) return 0;
  const period = periodMs[quota.per];
  const isOver = Math.floor(at / period) !== Math.floor(Date.now() / period);
  return Math.max(0, quota.requests - (isOver ? 0 : value));
}
