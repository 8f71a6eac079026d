import type { Campaign } from '@patchcord/contracts';
import { slugOf } from '../parts/slug.ts';
import type { Keyed } from '../parts/sortable-rows.tsx';
import { type ParameterRow, parameterRows, parametersOf } from '../sites/parameter-rows.ts';
import { milliseconds } from '../sites/site-values.ts';

/** A site of the campaign; without a table of its own the site's is used. */
export interface AssignmentRow extends Keyed {
  readonly site: string | null;
  readonly isOwn: boolean;
  readonly parameters: readonly ParameterRow[];
}

export interface DispositionRow extends Keyed {
  readonly id: string;
  readonly name: string;
  readonly crm: boolean;
  readonly form: string | null;
}

type Workflow = 'search' | 'timeline' | 'memorialize';
export const workflowUses: readonly Workflow[] = ['search', 'timeline', 'memorialize'];

export interface CampaignValues {
  readonly id: string;
  readonly name: string;
  readonly type: Campaign['type'];
  readonly match: Campaign['match'];
  readonly interaction: NonNullable<Campaign['interaction']> | null;
  readonly sites: readonly AssignmentRow[];
  readonly records: readonly string[];
  readonly memorialize: readonly string[];
  readonly dispositions: readonly DispositionRow[];
  readonly database: string | null;
  readonly agents: readonly string[];
  readonly externalSystem: string | null;
  readonly externalId: string;
  readonly acwSeconds: number | string;
  readonly digitalAcwSeconds: number | string;
  readonly workflows: Readonly<Record<Workflow, string | null>>;
  readonly pinSingleMatch: boolean;
}

export const emptyCampaign: CampaignValues = {
  id: '',
  name: '',
  type: 'inbound',
  match: { queues: [], dids: [], pointsOfContact: [], channels: [] },
  interaction: null,
  sites: [],
  records: [],
  memorialize: [],
  dispositions: [],
  database: null,
  agents: [],
  externalSystem: null,
  externalId: '',
  acwSeconds: 30,
  digitalAcwSeconds: 0,
  workflows: { search: null, timeline: null, memorialize: null },
  pinSingleMatch: true,
};

export function campaignValues(campaign: Campaign): CampaignValues {
  const { acw, card, external, workflows, database = null, interaction = null, sites, dispositions } = campaign;
  const { id, name, type, match, records, memorialize, agents } = campaign;
  return {
    id,
    name,
    type,
    match,
    records,
    memorialize,
    agents,
    database,
    interaction,
    sites: sites.map(({ site, parameters }, at) => ({
      key: `row-${at}`,
      site,
      isOwn: parameters !== undefined,
      parameters: parameterRows(parameters ?? []),
    })),
    dispositions: dispositions.map(({ form = null, ...one }, at) => ({ ...one, form, key: `row-${at}` })),
    externalSystem: external?.system ?? null,
    externalId: external?.id ?? '',
    acwSeconds: acw.timeoutMs / 1000,
    digitalAcwSeconds: acw.digitalTimeoutMs / 1000,
    workflows: {
      search: workflows?.search ?? null,
      timeline: workflows?.timeline ?? null,
      memorialize: workflows?.memorialize ?? null,
    },
    pinSingleMatch: card?.pinSingleMatch ?? true,
  };
}

export function campaignOf(values: CampaignValues): object {
  const { id, name, type, match, interaction, records, memorialize, database, agents, pinSingleMatch } = values;
  const { externalSystem, externalId } = values;
  const workflows = Object.entries(values.workflows).filter(([, workflow]) => workflow !== null);
  return {
    id,
    name,
    type,
    match,
    records,
    memorialize,
    agents,
    ...(interaction === null ? {} : { interaction }),
    sites: values.sites.map(({ site, isOwn, parameters }) => ({
      site: site ?? '',
      ...(isOwn ? { parameters: parametersOf(parameters) } : {}),
    })),
    dispositions: values.dispositions.map(({ id: own, name: said, crm, form }) => ({
      id: own === '' ? slugOf(said) : own,
      name: said,
      crm,
      ...(form === null ? {} : { form }),
    })),
    ...(database === null ? {} : { database }),
    ...(externalSystem === null ? {} : { external: { system: externalSystem, id: externalId } }),
    acw: { timeoutMs: milliseconds(values.acwSeconds), digitalTimeoutMs: milliseconds(values.digitalAcwSeconds) },
    ...(workflows.length === 0 ? {} : { workflows: Object.fromEntries(workflows) }),
    ...(pinSingleMatch ? {} : { card: { pinSingleMatch } }),
  };
}
