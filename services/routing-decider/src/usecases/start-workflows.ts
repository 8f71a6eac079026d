import { setTimeout as pause } from 'node:timers/promises';
import { asFailure, type RunWorkflowReply, type RunWorkflowRequest } from '@patchcord/contracts';

export interface StartWorkflowsOptions {
  readonly run: (request: RunWorkflowRequest, timeoutMs: number) => Promise<RunWorkflowReply>;
  /** What came of one is not known here; its outcome may still come into the session. */
  readonly onTrouble: (about: {
    readonly tenantId: string;
    readonly callId: string | undefined;
    readonly code: string;
  }) => void;
}

/** Starts a workflow that a call waits for until `deadline` (ms since 1970), unless this process has it under way. Nothing is waited for. */
export type StartWorkflow = (request: Omit<RunWorkflowRequest, 'budgetMs'>, deadline: number) => void;

/** An answer is on its way for no longer than that (ms). */
const marginMs = 1000;
const againAfterMs = 250;

/**
 * What came of a workflow comes into the session, and from there into the flow. So whoever steps a flow that waits makes
 * sure that it runs: the same run is started once, however often it is asked for and by how many replicas.
 */
export function createStartWorkflows({ run, onTrouble }: StartWorkflowsOptions): StartWorkflow {
  const underWay = new Set<string>();
  const untilAnswered = async (request: Omit<RunWorkflowRequest, 'budgetMs'>, deadline: number): Promise<void> => {
    for (let budgetMs = deadline - Date.now(); budgetMs > 0; budgetMs = deadline - Date.now()) {
      try {
        await run({ ...request, budgetMs: Math.ceil(budgetMs) }, budgetMs + marginMs);
        return;
      } catch (error) {
        const failure = asFailure(error);
        const { tenantId, callId } = request;
        onTrouble({ tenantId, callId, code: failure.code });
        if (failure.class === 'permanent') return;
        await pause(againAfterMs);
      }
    }
  };
  return (request, deadline) => {
    const key = `${request.tenantId} ${request.runId}`;
    if (underWay.has(key)) return;
    underWay.add(key);
    void untilAnswered(request, deadline).finally(() => underWay.delete(key));
  };
}
