import { askingProblems } from './asking-texts.ts';
import { automationReferences, httpActionProblem } from './automation-references.ts';
import type { Campaign } from './campaign.ts';
import type { CrmConnection } from './crm-connection.ts';
import {
  campaignWorkflowProblems,
  campaignWorkflows,
  flowWorkflowProblems,
  workflowProblems,
  workflowReferences,
} from './crm-workflow-references.ts';
import type { Flow } from './flow.ts';
import type { FlowModule } from './flow-modules.ts';
import type { Identification } from './identification.ts';
import { campaignMemorializationProblems, memorializationProblems } from './memorialization-references.ts';
import type { ConfigKind, TenantConfig } from './registry.ts';
import { repeatedIds } from './repeated-ids.ts';
import type { RoutingRule } from './routing-rule.ts';
import { routingRuleProblems } from './routing-rule-rules.ts';
import { flowTriggerUses } from './trigger-uses.ts';

/** Something between entities that does not fit: a reference to what does not exist, or two that exclude each other. */
export interface BrokenReference {
  readonly kind: string;
  readonly id: string;
  readonly path: string;
  readonly expected: string;
}

/** `module`: of a flow. */
type At = Pick<BrokenReference, 'kind' | 'id'> & { readonly module?: string };

interface Missing extends BrokenReference, At {
  /** What is referred to and does not exist. */
  readonly target: { readonly kind: ConfigKind; readonly id: string };
}
type Problem = BrokenReference | Missing;

/**
 * What does not fit together in a tenant's configuration. Checked before anything is stored or removed. Of what existed
 * `before` it is said that it is in use, and where.
 */
export function brokenReferences(config: TenantConfig, before: TenantConfig = config): BrokenReference[] {
  return problemsOf(config).map((problem) => {
    const { kind, id, path } = problem;
    const removed = 'target' in problem && before[problem.target.kind].has(problem.target.id);
    return { kind, id, path, expected: removed ? staying(config, problem) : problem.expected };
  });
}

function staying(config: TenantConfig, { kind, id, module, target }: Missing): string {
  const name = config[kind as ConfigKind].get(id)?.name ?? id;
  const where = module === undefined ? '' : ` in the module "${module}"`;
  return `the ${target.kind} "${target.id}" to stay: the ${kind} "${name}" uses it${where}`;
}

/** A place in the configuration that refers to an entity. */
export interface EntityUse {
  /** The entity that refers to it. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Where within it, e.g. `modules[2].routes[0].when.trigger`. */
  readonly path: string;
  /** Of a flow: the module. */
  readonly module?: string;
}

/** Where an entity is used: what would be broken without it. */
export function usesOf(config: TenantConfig, kind: ConfigKind, id: string): EntityUse[] {
  const entities = new Map<string, unknown>(config[kind]);
  entities.delete(id);
  return problemsOf({ ...config, [kind]: entities } as TenantConfig).flatMap((problem) => {
    if (!('target' in problem) || problem.target.kind !== kind || problem.target.id !== id) return [];
    const { path, module } = problem;
    const name = config[problem.kind as ConfigKind].get(problem.id)?.name ?? problem.id;
    return [{ kind: problem.kind, id: problem.id, name, path, ...(module === undefined ? {} : { module }) }];
  });
}

function problemsOf(config: TenantConfig): Problem[] {
  return [
    ...[...config.campaign.values()].flatMap((campaign) => [
      ...campaignReferences(config, campaign),
      ...interactionProblems(config, campaign),
      ...campaignWorkflowProblems(config, campaign).map((one) => ({ kind: 'campaign', id: campaign.id, ...one })),
    ]),
    ...[...config['crm-workflow'].values()].flatMap((workflow) => {
      const at = { kind: 'crm-workflow', id: workflow.id };
      const problems = workflowProblems(config, workflow).map((one) => ({ ...at, ...one }));
      return [
        ...workflowReferences(workflow).flatMap((one) => missing(config, at, one.kind, { [one.path]: one.id })),
        ...problems,
      ];
    }),
    ...[...config['data-mapping'].values()].flatMap(({ id, connection }) =>
      missing(config, { kind: 'data-mapping', id }, 'crm-connection', { connection }),
    ),
    ...[...config.memorialization.values()].flatMap((one) => {
      const at = { kind: 'memorialization', id: one.id };
      const problems = memorializationProblems(config, one).map((problem) => ({ ...at, ...problem }));
      return [...missing(config, at, 'crm-connection', { connection: one.connection }), ...problems];
    }),
    ...[...config['external-site'].values()].flatMap(({ id, authentication }) =>
      missing(config, { kind: 'external-site', id }, 'site-authentication', { authentication }),
    ),
    ...[...config.identification.values()].flatMap((identification) =>
      identificationReferences(config, identification),
    ),
    ...[...config['routing-rule'].values()].flatMap((rule) => ruleReferences(config, rule)),
    ...[...config.agent.values()].flatMap(({ id, externalIds }) =>
      missing(
        config,
        { kind: 'agent', id },
        'external-system',
        Object.fromEntries(Object.keys(externalIds).map((system) => [`externalIds.${system}`, system])),
      ),
    ),
    ...[...config['crm-connection'].values()].flatMap((connection) => connectionReferences(config, connection)),
    ...[...config.automation.values()].flatMap((automation) =>
      automationReferences(automation).flatMap(({ kind, path, id }) =>
        missing(config, { kind: 'automation', id: automation.id }, kind, { [path]: id }),
      ),
    ),
    ...[...config.flow.values()].flatMap((flow) => flowReferences(config, flow)),
    ...repeatedIds(config),
  ];
}

function connectionReferences(config: TenantConfig, connection: CrmConnection): Problem[] {
  const { id, authentication, agentSystem, logging, presence } = connection;
  const at = { kind: 'crm-connection', id };
  const campaigns = logging.campaigns === 'all' ? [] : logging.campaigns;
  const agents = presence.agents === 'all' ? [] : presence.agents;
  return [
    ...missing(config, at, 'site-authentication', { authentication }),
    ...missing(config, at, 'external-system', { agentSystem }),
    ...missing(config, at, 'agent', Object.fromEntries(agents.map((agent, i) => [`presence.agents[${i}]`, agent]))),
    ...missing(
      config,
      at,
      'campaign',
      Object.fromEntries(campaigns.map((campaign, i) => [`logging.campaigns[${i}]`, campaign])),
    ),
  ];
}

function campaignReferences(config: TenantConfig, campaign: Campaign): Problem[] {
  const at = { kind: 'campaign', id: campaign.id };
  const list = (name: string, ids: readonly string[]) => Object.fromEntries(ids.map((id, i) => [`${name}[${i}]`, id]));
  const forms = campaign.dispositions.map(({ form }, i) => [`dispositions[${i}].form`, form]);
  return [
    ...missing(
      config,
      at,
      'external-site',
      list(
        'sites',
        campaign.sites.map(({ site }) => site),
      ),
    ),
    ...missing(config, at, 'crm-connection', list('records', campaign.records)),
    ...missing(config, at, 'memorialization', list('memorialize', campaign.memorialize)),
    ...campaignMemorializationProblems(config, campaign).map((one) => ({ ...at, ...one })),
    ...missing(config, at, 'contact-database', { database: campaign.database }),
    ...missing(config, at, 'external-system', { 'external.system': campaign.external?.system }),
    ...missing(config, at, 'form', Object.fromEntries(forms)),
    ...campaignWorkflows(campaign).flatMap((one) => missing(config, at, one.kind, { [one.path]: one.id })),
  ];
}

function ruleReferences(config: TenantConfig, rule: RoutingRule): Problem[] {
  const at = { kind: 'routing-rule', id: rule.id };
  return [
    ...missing(config, at, 'site-authentication', { authentication: rule.authentication }),
    ...missing(config, at, 'crm-connection', { 'crm.connection': rule.crm?.connection }),
    ...routingRuleProblems(rule).map((problem) => ({ ...at, ...problem })),
  ];
}

function identificationReferences(config: TenantConfig, identification: Identification): Problem[] {
  const at = { kind: 'identification', id: identification.id };
  return [
    ...missing(config, at, 'site-authentication', { authentication: identification.authentication }),
    ...askingProblems(identification).map((problem) => ({ ...at, ...problem })),
  ];
}

function flowReferences(config: TenantConfig, flow: Flow): Problem[] {
  const own = { kind: 'flow', id: flow.id };
  const triggers = flowTriggerUses(flow).flatMap(({ path, module, use }) =>
    missing(config, { ...own, module }, 'trigger', { [`${path}.trigger`]: use.trigger }),
  );
  const others = flow.modules.flatMap((module, i) => {
    const at = { ...own, module: module.id };
    const automations = [
      ...module.automations.map(({ automation }, one) => [`automations[${one}].automation`, automation]),
      ...(module.type === 'http-action' ? [['automation', module.automation]] : []),
    ].map(([path, id]) => [`modules[${i}].${path}`, id]);
    const asked = module.type === 'identification' ? { [`modules[${i}].identification`]: module.identification } : {};
    return [
      ...missing(config, at, 'identification', asked),
      ...missing(config, at, 'automation', Object.fromEntries(automations)),
      ...actionProblems(config, at, module, `modules[${i}]`),
      ...(module.type === 'crm-workflow'
        ? [
            ...missing(config, at, 'crm-workflow', { [`modules[${i}].workflow`]: module.workflow }),
            ...flowWorkflowProblems(config, module).map(({ path, expected }) => ({
              ...at,
              path: `modules[${i}].${path}`,
              expected,
            })),
          ]
        : []),
    ];
  });
  return [...triggers, ...others];
}

function actionProblems(config: TenantConfig, at: At, module: FlowModule, path: string): BrokenReference[] {
  const expected = module.type === 'http-action' ? httpActionProblem(config, module.automation) : undefined;
  return expected === undefined ? [] : [{ ...at, path: `${path}.automation`, expected }];
}

function missing(
  config: TenantConfig,
  at: At,
  kind: ConfigKind,
  ids: Readonly<Record<string, string | undefined>>,
): Missing[] {
  return Object.entries(ids).flatMap(([path, id]) => {
    if (id === undefined || config[kind].has(id)) return [];
    return [{ ...at, path, expected: `an existing ${kind}, not "${id}"`, target: { kind, id } }];
  });
}

/** What a campaign puts before its agents must go together with its sites (OMniLeads' own rules). */
function interactionProblems(config: TenantConfig, { id, interaction, sites }: Campaign): BrokenReference[] {
  const at = { kind: 'campaign', id };
  if (interaction === 'form' && sites.length > 0)
    return [{ ...at, path: 'sites', expected: 'no site: the interaction is "form"' }];
  if (interaction !== undefined && interaction !== 'form' && sites.length === 0)
    return [{ ...at, path: 'sites', expected: `at least one site: the interaction is "${interaction}"` }];
  if (interaction !== 'form-and-site') return [];
  return sites.flatMap(({ site }, i) => {
    const known = config['external-site'].get(site);
    if (known?.target !== 'embedded' || known.trigger === 'disposition') return [];
    const expected = `a site that is not embedded, or one with the trigger "disposition": the form stands where "${site}" would`;
    return [{ ...at, path: `sites[${i}]`, expected }];
  });
}
