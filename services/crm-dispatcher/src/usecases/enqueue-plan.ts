import type { ConfigStore } from '@patchcord/bus';
import { Failure, type SessionChanged } from '@patchcord/contracts';
import { type DispositionEvent, firingsOfChange, firingsOfDisposition } from '../domain/firings.ts';
import type { FireSites } from './fire-sites.ts';
import type { WithdrawPops } from './withdraw-pops.ts';

/** An event, and the trace it belongs to. */
export interface Traced<Event> {
  readonly event: Event;
  readonly traceparent: string | undefined;
}

export interface EnqueuePlanOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly fireSites: FireSites;
  readonly withdrawPops: WithdrawPops;
}

export type EnqueuePlan = (changes: readonly Traced<SessionChanged>[]) => Promise<void>;

/** Sets off what follows from changes of calls. Safe to repeat. */
export function createEnqueuePlan({ config, fireSites, withdrawPops }: EnqueuePlanOptions): EnqueuePlan {
  return async (changes) => {
    for (const { event } of changes) if (event.data.session.tenantId !== event.tenantid) throw foreignSession();
    const each = (act: (change: SessionChanged) => Promise<void>): Promise<unknown> =>
      Promise.all(changes.map(({ event }) => act(event)));
    await each(({ tenantid, data }) => withdrawPops.withdraw(config.tenant(tenantid), data));
    await fireSites(
      changes.flatMap(({ event, traceparent }) =>
        firingsOfChange(config.tenant(event.tenantid), event.data).map((firing) => ({
          firing,
          traceparent,
          heardAt: heardAt(event),
        })),
      ),
    );
    await each(({ tenantid, data }) => withdrawPops.retire(config.tenant(tenantid), data));
  };
}

export type FireDisposition = (told: Traced<DispositionEvent>) => Promise<void>;

/** Sets off what follows from a disposition. Safe to repeat. */
export function createFireDisposition({
  config,
  fireSites,
}: Omit<EnqueuePlanOptions, 'withdrawPops'>): FireDisposition {
  return async ({ event, traceparent }) => {
    const { session } = event.data;
    if (session !== undefined && session.tenantId !== event.tenantid) throw foreignSession();
    const firings = firingsOfDisposition(config.tenant(event.tenantid), event);
    await fireSites(firings.map((firing) => ({ firing, traceparent, heardAt: heardAt(event) })));
  };
}

/** By our own clock: that of a PBX may be wrong. */
const heardAt = ({ recordedtime, time }: SessionChanged | DispositionEvent): number => Date.parse(recordedtime ?? time);

const foreignSession = (): Failure =>
  new Failure('permanent', 'tenant_mismatch', 'the event carries a session of another tenant');
