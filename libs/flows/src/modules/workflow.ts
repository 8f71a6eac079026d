import { type FlowModuleOf, type WorkflowInput, workflowOutcome, workflowOutcomeKey } from '@patchcord/contracts';
import { renderWorkflowInput } from '@patchcord/expressions';
import { occurrenceOf, type Run } from '../run.ts';
import type { FlowState } from '../state.ts';
import type { Behaviour } from './behaviour.ts';
import { waiting } from './waiting.ts';

type Workflow = FlowModuleOf<'crm-workflow'>;

/** A workflow that a call waits for. Started again under the same id it is still the same run. */
export interface AwaitedWorkflow {
  readonly workflow: string;
  readonly runId: string;
  readonly input: WorkflowInput;
}

/** Has something done in a CRM, and goes on by what came of it. */
export const workflow: Behaviour<Workflow> = waiting({
  outcome: outcomeOf,
  wanted: ({ workflow: id }) => `the workflow "${id}"`,
  late: ({ timeout, otherwise }) => timeout ?? otherwise,
});

function outcomeOf(run: Run, module: Workflow, state: FlowState) {
  const written = run.context.session.data?.[workflowOutcomeKey(module.workflow)];
  const { data } = workflowOutcome.safeParse(written);
  if (data?.run === runIdOf(run, state))
    return { to: branchOf(module, data.outcome), said: `came to "${data.outcome}"` };
  const input = renderWorkflowInput(module.input, run.scope());
  return input.ok ? undefined : { to: module.otherwise, said: `cannot be started: ${input.message}` };
}

function branchOf(
  module: Workflow,
  outcome: 'found' | 'several' | 'none' | 'done' | 'failed' | 'timeout',
): string | undefined {
  if (outcome === 'failed') return module.otherwise;
  return outcome === 'timeout' ? (module.timeout ?? module.otherwise) : (module[outcome] ?? module.next);
}

const runIdOf = ({ context: { flow, session } }: Run, { entered }: FlowState): string =>
  `${session.callId}.${occurrenceOf(flow, entered, 'workflow')}`;

/** What is to be started, or goes on, while a call waits in this module. */
export function awaitedWorkflow(run: Run, module: Workflow, state: FlowState): AwaitedWorkflow | undefined {
  const input = renderWorkflowInput(module.input, run.scope());
  return input.ok ? { workflow: module.workflow, runId: runIdOf(run, state), input: input.value } : undefined;
}
