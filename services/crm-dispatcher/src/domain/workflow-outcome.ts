import {
  type CrmWorkflow,
  type RunWorkflowReply,
  sessionKeyProblem,
  sessionValueProblem,
  type WorkflowOutcome,
  workflowOutcomeKey,
} from '@patchcord/contracts';
import { descend } from '@patchcord/expressions';

/** What a flow goes by. */
export function workflowOutcomeOf(reply: RunWorkflowReply, run: string): WorkflowOutcome {
  switch (reply.outcome) {
    case 'found':
      return { run, outcome: reply.records.length === 0 ? 'none' : reply.records.length === 1 ? 'found' : 'several' };
    case 'written':
      return { run, outcome: 'done' };
    case 'timeout':
      return { run, outcome: 'timeout' };
    case 'unable':
      return { run, outcome: 'failed', code: 'crm_unable' };
    case 'failed': {
      const { code } = reply.failure;
      const unclear = ({ record_unknown: 'none', record_ambiguous: 'several' } as const)[code];
      return { run, outcome: unclear ?? 'failed', code };
    }
  }
}

/** What came of a run, as paths of `variables` name it. */
function resultOf(reply: RunWorkflowReply): Record<string, unknown> {
  switch (reply.outcome) {
    case 'found': {
      const { records } = reply;
      const [first] = records;
      return { outcome: reply.outcome, count: records.length, records, ...(first === undefined ? {} : { first }) };
    }
    case 'written':
      return { outcome: reply.outcome, count: 1, records: [reply.record], first: reply.record, again: reply.again };
    case 'failed':
      return { outcome: reply.outcome, code: reply.failure.code };
    default:
      return { outcome: reply.outcome };
  }
}

export interface SessionResult {
  readonly changes: Readonly<Record<string, unknown>>;
  /** Variables that are left as they are, and why; without values. */
  readonly notes: readonly string[];
}

/** What of it goes into the session of the call. What there is nothing of is emptied: it may be an earlier run's. */
export function sessionChangesOf(
  { variables = {} }: Pick<CrmWorkflow, 'variables'>,
  reply: RunWorkflowReply,
): SessionResult {
  const result = resultOf(reply);
  const notes: string[] = [];
  const changes: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(variables)) {
    const evaluation = descend(result, path.split('.'));
    const value = 'found' in evaluation && evaluation.found ? evaluation.value : null;
    const problem = sessionKeyProblem(name) ?? (value === null ? undefined : sessionValueProblem(value));
    if (problem === undefined) changes[name] = value;
    else notes.push(`"${name}" is left out: expected ${problem}`);
  }
  return { changes, notes };
}

/** The variable by which a flow learns what became of its workflow. */
export function flowOutcomeChange(workflowId: string, outcome: WorkflowOutcome): Readonly<Record<string, unknown>> {
  const key = workflowOutcomeKey(workflowId);
  return sessionKeyProblem(key) === undefined ? { [key]: outcome } : {};
}
