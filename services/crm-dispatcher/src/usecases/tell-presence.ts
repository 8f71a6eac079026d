import type { ConfigStore } from '@patchcord/bus';
import { type CrmConnection, destinationKey, type PresenceJob } from '@patchcord/contracts';
import type { AgentStates } from '../adapters/agent-states.ts';
import { type AgentState, shownPresence, stateAfter } from '../domain/agent-state.ts';
import type { EnqueueJobs } from './enqueue-jobs.ts';
import type { FireAgent } from './enqueue-plan.ts';

export interface TellPresenceOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly states: Pick<AgentStates, 'change'>;
  readonly enqueueJobs: EnqueueJobs;
  readonly now: () => number;
}

/**
 * Writes down what an agent does, and makes it work for the CRMs that show it. Told again it is the same work, also after
 * a process that died between the two.
 */
export function createTellPresence({ config, states, enqueueJobs, now }: TellPresenceOptions): FireAgent {
  return async ({ event, traceparent }) => {
    const { tenantid: tenantId, data, time } = event;
    const tenant = config.tenant(tenantId);
    const showing = [...tenant['crm-connection'].values()].filter((one) => one.enabled && one.presence.enabled);
    if (showing.length === 0) return;
    const { agentId } = data.agent;
    const known = await states.change(tenantId, agentId, (before) => stateAfter(before, event, now()));
    if (known === undefined) return;
    const told = showing.filter((one) => shownPresence(tenant, one, { agentId, known, now: now() }) !== undefined);
    const work = { tenantId, agentId, known, occurredAt: time };
    await enqueueJobs(told.map((connection) => ({ job: jobOf(connection, work), traceparent })));
  };
}

interface Work extends Pick<PresenceJob, 'tenantId' | 'agentId' | 'occurredAt'> {
  readonly known: AgentState;
}

function jobOf({ id }: CrmConnection, { tenantId, agentId, known, occurredAt }: Work): PresenceJob {
  const destination = { kind: 'crm', id } as const;
  const { revision } = known;
  const workId = ['w', 'presence', destinationKey(destination), agentId, revision].join('.');
  return {
    kind: 'presence',
    workId,
    tenantId,
    destination,
    cause: 'presence',
    occurredAt,
    series: 1,
    agentId,
    revision,
  };
}
