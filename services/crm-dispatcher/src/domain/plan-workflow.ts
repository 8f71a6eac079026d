import {
  type CrmConnection,
  type CrmWorkflow,
  type CrmWorkflowOf,
  Failure,
  type Session,
  type TenantConfig,
  type WorkflowInput,
} from '@patchcord/contracts';
import { renderValue, type Scope } from '@patchcord/expressions';
import { planDynamicSearch, planSearch } from './plan-workflow-search.ts';
import { planCreate, planUpdate } from './plan-workflow-write.ts';
import type { TimelinePlan, WorkflowPlan } from './workflow-plan.ts';

/** All by which a workflow's plan is made. */
export interface WorkflowStart<Workflow extends CrmWorkflow = CrmWorkflow> {
  readonly config: TenantConfig;
  readonly workflow: Workflow;
  readonly connection: CrmConnection;
  readonly input: WorkflowInput;
  readonly scope: Scope;
  readonly session: Session | undefined;
  /** The entry of a timeline as the call alone makes it. */
  readonly entry: () => TimelinePlan['entry'];
}

/** What a workflow is to do with what it was started with. A `Failure` (permanent) names what is missing, without values. */
export function planWorkflow(start: WorkflowStart): WorkflowPlan | Failure {
  const { workflow } = start;
  switch (workflow.type) {
    case 'search-by-phone':
      return planPhone({ ...start, workflow });
    case 'search':
      return planSearch({ ...start, workflow });
    case 'dynamic-search':
      return planDynamicSearch({ ...start, workflow });
    case 'create':
    case 'create-custom':
      return planCreate({ ...start, workflow });
    case 'update':
      return planUpdate({ ...start, workflow }, numberOf(start, undefined));
    case 'timeline':
      return planTimeline({ ...start, workflow });
  }
}

function planPhone(start: WorkflowStart<CrmWorkflowOf<'search-by-phone'>>): WorkflowPlan | Failure {
  const { modules, fields, limit, number: template } = start.workflow;
  const number = numberOf(start, template);
  if (number !== undefined)
    return { type: 'phone', number, fields, limit, ...(modules.length === 0 ? {} : { modules }) };
  if (start.session !== undefined) return { type: 'nobody', note: 'the call has no number of the customer' };
  return new Failure(
    'permanent',
    'input_missing',
    'expected "phoneNumber": there is no call whose number could be looked for',
  );
}

/** The configured one, the one it was started with, or whoever called or was called. */
function numberOf({ input, session, scope }: WorkflowStart, template: string | undefined): string | undefined {
  const configured = template === undefined ? undefined : renderValue(template, scope);
  const own = session?.direction === 'outbound' ? session.dnis : session?.ani;
  return [configured, input.phoneNumber, own].map(text).find((one) => one !== undefined);
}

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number' ? String(value) : undefined;

function planTimeline(start: WorkflowStart<CrmWorkflowOf<'timeline'>>): WorkflowPlan | Failure {
  const { workflow, input, scope } = start;
  const own = start.entry();
  const subject = text(renderValue(workflow.subject ?? null, scope));
  const notes = text(workflow.notes === undefined ? input.text : renderValue(workflow.notes, scope));
  const written = planUpdate(
    { ...start, workflow: { ...workflow, module: '', inputFields: [] } },
    numberOf(start, undefined),
  );
  if (written instanceof Failure) return written;
  const { values, record, from, number } = written;
  return {
    type: 'timeline',
    entry: {
      ...own,
      ...(subject === undefined ? {} : { subject }),
      ...(notes === undefined ? {} : { notes }),
      ...(Object.keys(values).length === 0 ? {} : { fields: values }),
    },
    from,
    ...(record === undefined ? {} : { record }),
    ...(number === undefined ? {} : { number }),
  };
}
