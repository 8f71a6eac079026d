import type { CrmWorkflow, RunWorkflowReply, RunWorkflowRequest } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import type { TellCard } from '../adapters/tell-card.ts';
import type { TellSession } from '../adapters/tell-session.ts';
import { flowOutcomeChange, sessionChangesOf, workflowOutcomeOf } from '../domain/workflow-outcome.ts';

export interface TellWorkflowOptions {
  readonly tellSession: TellSession;
  readonly tellCard: TellCard;
  readonly log: Logger;
}

interface Told {
  readonly request: RunWorkflowRequest;
  readonly workflow: CrmWorkflow;
  readonly reply: RunWorkflowReply;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** Says what came of a run. Neither rejects; false: it is not known there, or the card will not be told. */
export interface TellWorkflow {
  /** The variables of the call, and what a flow goes by. */
  session(
    told: Omit<Told, 'workflow'> & { readonly workflow: Pick<CrmWorkflow, 'id' | 'variables'> },
  ): Promise<boolean>;
  card(told: Told): Promise<boolean>;
}

export function createTellWorkflow({ tellSession, tellCard, log }: TellWorkflowOptions): TellWorkflow {
  return {
    session: async ({ request, workflow, reply }) => {
      const { tenantId, callId, runId, by } = request;
      if (callId === undefined) return true;
      const { changes, notes } = sessionChangesOf(workflow, reply);
      for (const note of notes)
        log.info({ tenantId, callId, workflowId: workflow.id, note }, 'variables of a workflow');
      const outcome = by.kind === 'flow' ? flowOutcomeChange(workflow.id, workflowOutcomeOf(reply, runId)) : {};
      // A search that came too late has nothing to say of its variables.
      const mapped = reply.outcome === 'timeout' ? {} : changes;
      const of = { tenantId, callId, workflowId: workflow.id, key: `${workflow.id} ${runId} ${reply.outcome}` };
      if (Object.keys({ ...mapped, ...outcome }).length === 0) return true;
      if (await tellSession({ ...of, changes: { ...mapped, ...outcome } })) return true;
      // A session that has no room for the variables still has some for what the flow waits for.
      if (Object.keys(outcome).length === 0 || Object.keys(mapped).length === 0) return false;
      return tellSession({ ...of, key: `${of.key} alone`, changes: outcome });
    },
    card: async ({ request, workflow, reply, startedAt }) => {
      const { tenantId, callId, runId, by } = request;
      if (callId === undefined || !workflow.card) return true;
      const run = { runId, workflowId: workflow.id, name: workflow.name, at: startedAt, by: by.kind };
      return tellCard({ tenantId, callId, run, connection: workflow.connection, reply });
    },
  };
}
