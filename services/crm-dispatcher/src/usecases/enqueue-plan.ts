import type { ConfigStore } from '@patchcord/bus';
import { type AgentEvent, type CustomRaised, Failure, type Session, type SessionChanged } from '@patchcord/contracts';
import { type DispositionEvent, firingsOfChange, firingsOfDisposition } from '../domain/firings.ts';
import { happeningOfAgent, happeningOfCustom, happeningOfDisposition, isAgentHappening } from '../domain/happenings.ts';
import type { EnqueueJobs, TracedJob, TracedOutcome } from './enqueue-jobs.ts';
import type { FireSites } from './fire-sites.ts';
import type { RunAutomations } from './run-automations.ts';
import type { WithdrawPops } from './withdraw-pops.ts';

/** An event, and the trace it belongs to. */
export interface Traced<Event> {
  readonly event: Event;
  readonly traceparent: string | undefined;
}

export interface EnqueuePlanOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly fireSites: FireSites;
  readonly automations: RunAutomations;
  readonly withdrawPops: WithdrawPops;
  readonly enqueueJobs: EnqueueJobs;
}

export type EnqueuePlan = (changes: readonly Traced<SessionChanged>[]) => Promise<void>;

/** Sets off what follows from changes of calls. Safe to repeat. */
export function createEnqueuePlan(options: EnqueuePlanOptions): EnqueuePlan {
  const { config, withdrawPops, enqueueJobs } = options;
  return async (changes) => {
    for (const { event } of changes) demandOwn(event, event.data.session);
    const each = (act: (change: SessionChanged) => Promise<void>): Promise<unknown> =>
      Promise.all(changes.map(({ event }) => act(event)));
    await each(({ tenantid, data }) => withdrawPops.withdraw(config.tenant(tenantid), data));
    await enqueueJobs(await workOf(options, changes));
    await each(({ tenantid, data }) => withdrawPops.retire(config.tenant(tenantid), data));
  };
}

async function workOf(
  { config, fireSites, automations }: Pick<EnqueuePlanOptions, 'config' | 'fireSites' | 'automations'>,
  changes: readonly Traced<SessionChanged>[],
): Promise<(TracedJob | TracedOutcome)[]> {
  const ofSites = await fireSites(
    changes.flatMap(({ event, traceparent }) =>
      firingsOfChange(config.tenant(event.tenantid), event.data).map((firing) => ({
        firing,
        traceparent,
        heardAt: heardAt(event),
      })),
    ),
  );
  const ofAutomations = changes.flatMap(({ event, traceparent }) =>
    automations.ofChange(event.data, { heardAt: heardAt(event), traceparent }),
  );
  return [...ofSites, ...ofAutomations];
}

export type FireDisposition = (told: Traced<DispositionEvent>) => Promise<void>;

/** Sets off what follows from a disposition. Safe to repeat. */
export function createFireDisposition(options: Omit<EnqueuePlanOptions, 'withdrawPops'>): FireDisposition {
  const { config, fireSites, automations, enqueueJobs } = options;
  return async ({ event, traceparent }) => {
    demandOwn(event, event.data.session);
    const heard = { heardAt: heardAt(event), traceparent };
    const firings = firingsOfDisposition(config.tenant(event.tenantid), event);
    const ofSites = await fireSites(firings.map((firing) => ({ firing, ...heard })));
    await enqueueJobs([...ofSites, ...automations.ofHappening(happeningOfDisposition(event), heard)]);
  };
}

export type FireCustom = (told: Traced<CustomRaised>) => Promise<void>;

/** Sets off what follows from an event of a tenant's own. Safe to repeat. */
export function createFireCustom({
  automations,
  enqueueJobs,
}: Pick<EnqueuePlanOptions, 'automations' | 'enqueueJobs'>): FireCustom {
  return async ({ event, traceparent }) => {
    demandOwn(event, event.data.session);
    await enqueueJobs(automations.ofHappening(happeningOfCustom(event), { heardAt: heardAt(event), traceparent }));
  };
}

export type FireAgent = (told: Traced<AgentEvent>) => Promise<void>;

interface FireAgentOptions extends Pick<EnqueuePlanOptions, 'config' | 'automations' | 'enqueueJobs'> {
  /** @throws Failure own-trouble */
  readonly readSession: (tenantId: string, callId: string) => Promise<Session | undefined>;
}

/** Sets off what follows from something about an agent, with the call that it belongs to. Safe to repeat. */
export function createFireAgent({ config, automations, enqueueJobs, readSession }: FireAgentOptions): FireAgent {
  return async ({ event, traceparent }) => {
    const { tenantid: tenantId, data } = event;
    const listens = [...config.tenant(tenantId).automation.values()].some(({ on }) =>
      on.some((name) => name.startsWith('agent.')),
    );
    if (!listens || !isAgentHappening(event)) return;
    const session = 'callId' in data ? await readSession(tenantId, data.callId) : undefined;
    await enqueueJobs(
      automations.ofHappening(happeningOfAgent(event, session), { heardAt: heardAt(event), traceparent }),
    );
  };
}

/** By our own clock: that of a PBX may be wrong. */
const heardAt = ({ recordedtime, time }: SessionChanged | DispositionEvent | CustomRaised | AgentEvent): number =>
  Date.parse(recordedtime ?? time);

function demandOwn({ tenantid }: { readonly tenantid: string }, session: Session | undefined): void {
  if (session === undefined || session.tenantId === tenantid) return;
  throw new Failure('permanent', 'tenant_mismatch', 'the event carries a session of another tenant');
}
