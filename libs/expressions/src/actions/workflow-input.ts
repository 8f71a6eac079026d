import {
  crmValue,
  type ValueTemplate,
  type WorkflowInput,
  type WorkflowInputTemplates,
  workflowInput,
} from '@patchcord/contracts';
import { renderBounded, renderValue } from '../templates/render-value.ts';
import type { Scope } from '../templates/scope.ts';
import { renderCrmExpression, type Written } from './crm-expression.ts';

/** What a workflow is started with, with the values of the call. What comes to nothing is not told. Never throws. */
export function renderWorkflowInput(templates: WorkflowInputTemplates, scope: Scope): Written<WorkflowInput> {
  const { phoneNumber, search, record, values, text } = templates;
  const filter = search === undefined ? undefined : renderCrmExpression(search.filter, scope);
  if (filter?.ok === false) return { ok: false, message: `search.filter: ${filter.message}` };
  const written = {
    phoneNumber: textOf(phoneNumber, scope),
    search: search === undefined || filter === undefined ? undefined : { entity: search.entity, filter: filter.value },
    record: recordOf(record, scope),
    values: values === undefined ? undefined : renderCrmValues(values, scope).values,
    text: textOf(text, scope)?.slice(0, mostText),
  };
  const told = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const parsed = workflowInput.safeParse(told);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, message: `${issue?.path.join('.') ?? 'input'}: ${issue?.message ?? 'it is not as expected'}` };
}

const mostText = 32_768;

function textOf(template: string | undefined, scope: Scope): string | undefined {
  if (template === undefined) return undefined;
  const value = renderValue(template, scope);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function recordOf(record: WorkflowInputTemplates['record'], scope: Scope): WorkflowInput['record'] {
  const id = textOf(record?.id, scope);
  return record === undefined || id === undefined ? undefined : { module: record.module, id };
}

export interface CrmValues {
  readonly values: NonNullable<WorkflowInput['values']>;
  /** Fields whose placeholders have no value: they are left as they are. */
  readonly empty: readonly string[];
  /** Fields whose value no field of a CRM can take, and what it can. */
  readonly unfit: readonly { readonly field: string; readonly expected: string }[];
}

/** Values of a record's fields. One that is configured as `null` empties its field. */
export function renderCrmValues(templates: Readonly<Record<string, ValueTemplate>>, scope: Scope): CrmValues {
  const notes: string[] = [];
  const rendered = Object.entries(renderBounded(templates, scope, notes));
  const given = rendered.filter(([field, value]) => templates[field] === null || (value !== null && value !== ''));
  const checked = given.map(([field, value]) => ({ field, ...crmValue.safeParse(value) }));
  return {
    values: Object.fromEntries(checked.flatMap(({ field, data }) => (data === undefined ? [] : [[field, data]]))),
    empty: Object.keys(templates).filter((field) => !given.some(([name]) => name === field)),
    unfit: checked.flatMap(({ field, error }) =>
      error === undefined ? [] : [{ field, expected: error.issues[0]?.message ?? 'expected a text' }],
    ),
  };
}
