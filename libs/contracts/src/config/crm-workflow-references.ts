import { sessionKeyProblem } from '../session-data.ts';
import { workflowOutcomeKey } from '../workflow-run.ts';
import type { Campaign } from './campaign.ts';
import type { CrmWorkflow } from './crm-workflow.ts';
import type { FlowModuleOf } from './flow-modules.ts';
import type { ConfigKind, TenantConfig } from './registry.ts';

interface Named {
  readonly kind: ConfigKind;
  readonly path: string;
  readonly id: string;
}

/** What a workflow names, by the field that names it. */
export const workflowReferences = (workflow: CrmWorkflow): Named[] => [
  { kind: 'crm-connection', path: 'connection', id: workflow.connection },
  ...(workflow.type === 'dynamic-search'
    ? [{ kind: 'data-mapping' as const, path: 'mapping', id: workflow.mapping }]
    : []),
];

/** The workflows that the agents of a campaign start. */
export const campaignWorkflows = ({ workflows = {} }: Pick<Campaign, 'workflows'>): Named[] =>
  Object.entries(workflows).flatMap(([action, id]) =>
    id === undefined ? [] : [{ kind: 'crm-workflow', path: `workflows.${action}`, id }],
  );

interface Problem {
  readonly path: string;
  readonly expected: string;
}

/** What of a dynamic search does not go with its mapping. */
export function workflowProblems(config: TenantConfig, workflow: CrmWorkflow): Problem[] {
  if (workflow.type !== 'dynamic-search') return [];
  const mapping = config['data-mapping'].get(workflow.mapping);
  if (mapping === undefined) return [];
  if (mapping.connection !== workflow.connection)
    return [{ path: 'mapping', expected: `a data mapping of the connection "${workflow.connection}"` }];
  const compared = mapping.modules.filter(({ match }) => match.length > 0).map(({ module }) => module);
  if (compared.length === 0)
    return [{ path: 'mapping', expected: 'a data mapping that says in "match" which fields are compared' }];
  return workflow.modules.flatMap((module, i) =>
    compared.includes(module)
      ? []
      : [{ path: `modules[${i}]`, expected: `one of the modules that its mapping compares: ${compared.join(', ')}` }],
  );
}

const searches: readonly CrmWorkflow['type'][] = ['search-by-phone', 'search', 'dynamic-search'];

/** What of a campaign's workflows does not do what its agents start them for. */
export function campaignWorkflowProblems(config: TenantConfig, { workflows = {} }: Campaign): Problem[] {
  const typeOf = (id: string | undefined) => (id === undefined ? undefined : config['crm-workflow'].get(id)?.type);
  const search = typeOf(workflows.search);
  const writes = (['timeline', 'memorialize'] as const).flatMap((action) => {
    const type = typeOf(workflows[action]);
    const allowed = action === 'timeline' ? ['timeline'] : ['timeline', 'update'];
    return type === undefined || allowed.includes(type)
      ? []
      : [{ path: `workflows.${action}`, expected: `a workflow of the type ${allowed.join(' or ')}, not "${type}"` }];
  });
  if (search === undefined || searches.includes(search)) return writes;
  return [
    { path: 'workflows.search', expected: `a workflow that searches, not one of the type "${search}"` },
    ...writes,
  ];
}

/** What of a module does not go with its workflow: an outcome of it that leads nowhere. */
export function flowWorkflowProblems(config: TenantConfig, module: FlowModuleOf<'crm-workflow'>): Problem[] {
  const workflow = config['crm-workflow'].get(module.workflow);
  if (workflow === undefined) return [];
  const problem = sessionKeyProblem(workflowOutcomeKey(workflow.id));
  if (problem !== undefined)
    return [{ path: 'workflow', expected: `a workflow whose id makes ${problem}, after "${workflowOutcomeKey('')}"` }];
  if (module.next !== undefined) return [];
  const branches = searches.includes(workflow.type) ? (['found', 'several', 'none'] as const) : (['done'] as const);
  return branches
    .filter((branch) => module[branch] === undefined)
    .map((branch) => ({
      path: branch,
      expected: `a module for calls whose workflow comes to "${branch}", or "next" for all`,
    }));
}
