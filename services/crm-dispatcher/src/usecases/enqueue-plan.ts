import type { ConfigStore } from '@patchcord/bus';
import { destinationKey, Failure, queues, type RequestJob, type SessionChanged } from '@patchcord/contracts';
import { plan } from '../domain/plan.ts';

/** A change of a call, and the trace it belongs to. */
export interface TracedChange {
  readonly event: SessionChanged;
  readonly traceparent: string | undefined;
}

export interface TracedJob {
  readonly job: RequestJob;
  readonly traceparent: string | undefined;
}

export interface EnqueuePlanOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly enqueue: (queue: string, jobs: readonly TracedJob[]) => Promise<void>;
  readonly onPlanned: (count: number) => void;
}

export type EnqueuePlan = (changes: readonly TracedChange[]) => Promise<void>;

/** Plans what follows from changes of calls and puts it into the queues of its destinations. Safe to repeat. */
export function createEnqueuePlan({ config, enqueue, onPlanned }: EnqueuePlanOptions): EnqueuePlan {
  return async (changes) => {
    const jobs = changes.flatMap(({ event, traceparent }) => {
      if (event.data.session.tenantId !== event.tenantid) throw foreignSession();
      return plan(config.tenant(event.tenantid), event.data).map((job) => ({ job, traceparent }));
    });
    if (jobs.length === 0) return;
    const byQueue = Map.groupBy(jobs, ({ job }) => queues.crmDispatch(job.tenantId, destinationKey(job.destination)));
    await Promise.all([...byQueue].map(([queue, queued]) => enqueue(queue, queued)));
    onPlanned(jobs.length);
  };
}

const foreignSession = (): Failure =>
  new Failure('permanent', 'tenant_mismatch', 'the event carries a session of another tenant');
