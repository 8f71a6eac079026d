import type { CrmConnection, CrmWorkflow } from '@patchcord/contracts';
import { aboutConnection } from './kinds.ts';
import type { Ability } from './port.ts';

interface Problem {
  readonly path: string;
  readonly expected: string;
}

const needed: Readonly<Record<CrmWorkflow['type'], Ability>> = {
  'search-by-phone': 'search-by-phone',
  search: 'search',
  'dynamic-search': 'search',
  create: 'create',
  'create-custom': 'create',
  update: 'update',
  timeline: 'log-call',
};

/** What of a workflow the CRM of its connection cannot do, or does not have; said when it is stored. */
export function workflowFitProblems(workflow: CrmWorkflow, connection: CrmConnection): Problem[] {
  const { cannot, title } = aboutConnection(connection);
  const why = cannot[needed[workflow.type]];
  if (why !== undefined) return [{ path: 'type', expected: `something that ${title} can do: ${why}` }];
  const unique = 'unique' in workflow && workflow.unique !== undefined ? cannot.search : undefined;
  if (unique !== undefined) return [{ path: 'unique', expected: `nothing: records are not found by it. ${unique}` }];
  if (workflow.type === 'create') return standardProblems(workflow, connection);
  return [];
}

interface StandardCreate {
  readonly module: string;
  readonly fields: readonly string[];
  readonly mandatory: readonly string[];
}

/** The module as a standard create makes records of it; a text: there is none of that name, and what there is. */
export function standardCreate(connection: CrmConnection, module: string): StandardCreate | string {
  const { title, standardModules } = aboutConnection(connection);
  const made = standardModules.filter(({ createFields }) => createFields.length > 0);
  // Records of one module may be made in several ways, e.g. tickets with and without those whom they are about.
  const ways = made.filter((one) => one.module === module);
  const [first, ...others] = ways;
  if (first !== undefined)
    return {
      module,
      fields: [...new Set(ways.flatMap(({ createFields }) => createFields))],
      mandatory: first.mandatory.filter((field) => others.every(({ mandatory }) => mandatory.includes(field))),
    };
  const names = [...new Set(made.map((one) => one.module))].join(', ');
  return `one of the modules that ${title} makes by a standard create (${names}), or the type "create-custom"`;
}

function standardProblems(
  { module, values, unique }: Extract<CrmWorkflow, { type: 'create' }>,
  connection: CrmConnection,
): Problem[] {
  const standard = standardCreate(connection, module);
  if (typeof standard === 'string') return [{ path: 'module', expected: standard }];
  const { fields, mandatory } = standard;
  const list = fields.join(', ');
  const foreign = Object.keys(values).filter((field) => !fields.includes(field));
  const missing = mandatory.filter((field) => !Object.hasOwn(values, field));
  return [
    ...foreign.map((field) => ({
      path: `values.${field}`,
      expected: `one of the standard fields of ${module} (${list}), or the type "create-custom"`,
    })),
    ...missing.map((field) => ({ path: `values.${field}`, expected: `a value: ${module} is not made without it` })),
    ...(unique === undefined || fields.includes(unique)
      ? []
      : [{ path: 'unique', expected: `one of the standard fields of ${module}: ${list}` }]),
  ];
}
