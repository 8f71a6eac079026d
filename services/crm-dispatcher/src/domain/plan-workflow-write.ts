import { standardCreate } from '@patchcord/connectors';
import { type CrmWorkflow, type CrmWorkflowOf, Failure, type ValueTemplate } from '@patchcord/contracts';
import { renderCrmValues } from '@patchcord/expressions';
import type { WorkflowStart } from './plan-workflow.ts';
import type { CreatePlan, UpdatePlan } from './workflow-plan.ts';

type Creation = CrmWorkflowOf<'create'> | CrmWorkflowOf<'create-custom'>;

export function planCreate(start: WorkflowStart<Creation>): CreatePlan | Failure {
  const { workflow, connection } = start;
  const { module, unique: field } = workflow;
  const standard = workflow.type === 'create' ? standardCreate(connection, module) : undefined;
  if (typeof standard === 'string') return new Failure('permanent', 'module_not_standard', `expected ${standard}`);
  const open = standard?.fields ?? (workflow.type === 'create-custom' ? workflow.inputFields : []);
  const written = valuesOf(start, open);
  if (written instanceof Failure) return written;
  const missing = standard?.mandatory.find((one) => (written.values[one] ?? null) === null);
  if (missing !== undefined)
    return new Failure(
      'permanent',
      'field_missing',
      `there is no value for ${missing}: ${module} is not made without it`,
    );
  if (Object.keys(written.values).length === 0) return nothingToWrite();
  if (field === undefined) return { type: 'create', module, ...written };
  const value = written.values[field] ?? null;
  if (value === null || typeof value === 'object')
    return new Failure(
      'permanent',
      'field_missing',
      `there is no single value for ${field}, by which it is found again`,
    );
  return { type: 'create', module, ...written, unique: { field, value } };
}

/** @param number by which the record is looked for, where it is */
export function planUpdate(
  start: WorkflowStart<CrmWorkflow & Pick<CrmWorkflowOf<'update'>, 'module' | 'values' | 'inputFields' | 'recordFrom'>>,
  number: string | undefined,
): UpdatePlan | Failure {
  const { workflow, input } = start;
  const { type, module, inputFields, recordFrom: from } = workflow;
  const { record } = input;
  const isOther = type === 'update' && record !== undefined && record.module !== module;
  if (isOther) return new Failure('permanent', 'record_unfit', `expected a record of ${module} as "record"`);
  const written = valuesOf(start, inputFields);
  if (written instanceof Failure) return written;
  if (type === 'update' && Object.keys(written.values).length === 0) return nothingToWrite();
  return {
    type: 'update',
    module,
    ...written,
    from,
    ...(record === undefined ? {} : { record }),
    ...(number === undefined ? {} : { number }),
  };
}

const nothingToWrite = (): Failure =>
  new Failure('permanent', 'input_missing', 'none of the fields has a value: there is nothing to write');

type Valued = Pick<WorkflowStart, 'input' | 'scope'> & {
  readonly workflow: { readonly values: Readonly<Record<string, ValueTemplate>> };
};

/** The configured values, and over them those that it was started with, as far as they may be. */
function valuesOf(
  { workflow, input, scope }: Valued,
  open: readonly string[],
): Pick<UpdatePlan, 'values' | 'empty'> | Failure {
  const { values: own, empty, unfit } = renderCrmValues(workflow.values, scope);
  const given = Object.entries(input.values ?? {});
  const allowed = new Set([...Object.keys(workflow.values), ...open]);
  const foreign = given.find(([field]) => !allowed.has(field));
  if (foreign !== undefined)
    return new Failure(
      'permanent',
      'field_not_open',
      `"${foreign[0]}" is none of the fields that it may be started with`,
    );
  const [wrong] = unfit.filter(({ field }) => !given.some(([name]) => name === field));
  if (wrong !== undefined) return new Failure('permanent', 'input_unfit', `values.${wrong.field}: ${wrong.expected}`);
  const values = { ...own, ...Object.fromEntries(given) };
  return { values, empty: empty.filter((field) => !Object.hasOwn(values, field)) };
}
