import { type CrmWorkflowOf, Failure, type MappedModule } from '@patchcord/contracts';
import { evaluate, isGiven, renderCrmExpression, renderCrmValues, type Scope } from '@patchcord/expressions';
import type { WorkflowStart } from './plan-workflow.ts';
import type { FilterPlan, NobodyPlan, SearchPlan } from './workflow-plan.ts';

/** By the configured conditions, or by those that it was started with. */
export function planSearch(start: WorkflowStart<CrmWorkflowOf<'search'>>): SearchPlan | Failure {
  const { workflow, input, scope } = start;
  const { module, fields, limit, equals = {}, expression } = workflow;
  if (module === undefined) {
    if (input.search === undefined)
      return new Failure('permanent', 'input_missing', 'expected "search": the workflow says itself not where to look');
    return {
      type: 'filters',
      filters: [{ module: input.search.entity, expression: input.search.filter }],
      fields,
      limit,
    };
  }
  const conditions = equalsOf(equals, scope);
  if ('instead' in conditions) return conditions.instead;
  const written = expression === undefined ? undefined : renderCrmExpression(expression, scope);
  if (written?.ok === false) return new Failure('permanent', 'input_unfit', `expression: ${written.message}`);
  const filter = {
    module,
    ...(Object.keys(conditions.equals).length === 0 ? {} : { equals: conditions.equals }),
    ...(written === undefined ? {} : { expression: written.value }),
  };
  return { type: 'filters', filters: [filter], fields, limit };
}

type Conditions =
  | { readonly equals: Readonly<Record<string, string | number | boolean>> }
  | { readonly instead: NobodyPlan | Failure };

/** A condition without a value would be met by too many: then nobody is meant. */
function equalsOf(templates: Parameters<typeof renderCrmValues>[0], scope: Scope): Conditions {
  const { values, empty, unfit } = renderCrmValues(templates, scope);
  const [missing] = empty;
  if (missing !== undefined)
    return { instead: { type: 'nobody', note: `there is no value to look for in ${missing}` } };
  const entries = Object.entries(values);
  const equals = entries.flatMap(([field, value]) =>
    value === null || typeof value === 'object' ? [] : [[field, value] as const],
  );
  const lists = entries.map(([field]) => field).filter((field) => !equals.some(([name]) => name === field));
  const [wrong] = [...unfit.map(({ field }) => field), ...lists];
  if (wrong === undefined) return { equals: Object.fromEntries(equals) };
  return {
    instead: new Failure('permanent', 'input_unfit', `equals.${wrong}: expected a text, a number, true or false`),
  };
}

/** By those of the mapping's fields for which there is a value. */
export function planDynamicSearch(start: WorkflowStart<CrmWorkflowOf<'dynamic-search'>>): SearchPlan | Failure {
  const { config, workflow, scope } = start;
  const mapping = config['data-mapping'].get(workflow.mapping);
  if (mapping === undefined)
    return new Failure('permanent', 'mapping_unknown', `there is no data mapping "${workflow.mapping}"`);
  const { modules, limit } = workflow;
  const filters = mapping.modules
    .filter(({ module }) => modules.length === 0 || modules.includes(module))
    .flatMap((mapped) => filterOf(mapped, scope));
  if (filters.length > 0) return { type: 'filters', filters, fields: [], limit };
  return { type: 'nobody', note: 'there is no value for any of the fields that the data mapping compares' };
}

function filterOf({ module, match }: MappedModule, scope: Scope): FilterPlan['filters'] {
  const given = match.flatMap(({ field, item }) => {
    const evaluation = evaluate(item, scope);
    const value = 'found' in evaluation && evaluation.found && isGiven(evaluation) ? evaluation.value : undefined;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[field, value]] : [];
  });
  return given.length === 0 ? [] : [{ module, equals: Object.fromEntries(given) }];
}
