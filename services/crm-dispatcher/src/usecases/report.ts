import { trace } from '@opentelemetry/api';
import type { ConfigStore, Publisher } from '@patchcord/bus';
import { type Delivery, type DeliveryAttempt, type DispatchJob, tenant as tenantSchema } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import type { DeliveryLog } from '../adapters/delivery-log.ts';
import { recordUrl } from '../adapters/send-record.ts';
import { deliveryEvent, deliveryFacts, type NewsOfDelivery } from '../domain/delivery.ts';
import { findDestination } from '../domain/destinations.ts';
import { removed, workAddress } from '../domain/work-address.ts';

export interface ReportOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly deliveries: DeliveryLog;
  readonly publisher: Publisher;
  readonly log: Logger;
  /** CloudEvents source of what is published. */
  readonly source: string;
}

interface Change {
  readonly state: Delivery['state'];
  readonly at: Date;
  readonly nextAttemptAt?: Date;
  readonly attempt?: DeliveryAttempt;
}

/**
 * Tells the delivery log and the world what became of a piece of work. Never rejects: a request that was sent is not
 * sent again because telling of it failed.
 */
export interface Report {
  note(job: DispatchJob, change: Change): Promise<void>;
  publish(...news: NewsOfDelivery[]): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const defaultRetentionDays = tenantSchema.shape.retentionDays.parse(undefined);

export function createReport({ config, deliveries, publisher, log, source }: ReportOptions): Report {
  const retentionMs = (tenantId: string): number => {
    const [entity] = config.tenant(tenantId).tenant.values();
    return (entity?.retentionDays ?? defaultRetentionDays) * dayMs;
  };
  return {
    note: async (job, change) => {
      const to = findDestination(job.tenantId, job.destination, config.tenant(job.tenantId));
      const ofRecord = job.kind === 'record' && to?.kind === 'crm' ? recordUrl(job, to.entity) : removed;
      const facts = deliveryFacts(job, workAddress(job, to, ofRecord), change.at);
      try {
        const attempt = change.attempt && { ...change.attempt, ...traceOfNow() };
        await deliveries.note({ ...change, attempt, facts, retentionMs: retentionMs(job.tenantId) });
      } catch (error) {
        log.warn({ err: error, workId: job.workId }, 'could not write the delivery log');
      }
    },
    publish: async (...news) => {
      try {
        await publisher.publishAll(news.map((told) => deliveryEvent(source, told)));
      } catch (error) {
        log.warn({ err: error, workId: news[0]?.job.workId }, 'could not publish what became of a delivery');
      }
    },
  };
}

/** Of the attempt that is told of: the way from the log to everything that was done for it. */
function traceOfNow(): { readonly traceId?: string } {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return traceId === undefined ? {} : { traceId };
}
