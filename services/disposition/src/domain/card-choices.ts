import type { Campaign, CardChoices, CrmWorkflow } from '@patchcord/contracts';
import { type CardConfig, connectionsOf } from './card-plan.ts';

/** What people can start from a card of this campaign. */
export function choicesOf(campaign: Campaign | undefined, config: CardConfig): CardChoices {
  const workflows = workflowsOf(campaign, config);
  const timeline = named(campaign?.workflows?.timeline, ['timeline'], config);
  const memorialize = named(campaign?.workflows?.memorialize, ['timeline', 'update'], config);
  return {
    connections: connectionsOf(campaign, config).flatMap((id) => {
      const known = config['crm-connection'].get(id);
      return known === undefined ? [] : [{ id, name: known.name, connector: known.connector }];
    }),
    searches: workflows.flatMap((workflow) => {
      const needs = needsOf(workflow);
      return needs === undefined ? [] : [{ ...choiceOf(workflow), needs }];
    }),
    creations: workflows.flatMap((workflow) => creationOf(workflow) ?? []),
    ...(timeline === undefined ? {} : { timeline: choiceOf(timeline) }),
    ...(memorialize === undefined
      ? {}
      : {
          memorialize: {
            ...choiceOf(memorialize),
            fields: memorialize.type === 'update' ? fieldsOf(memorialize).map(({ name }) => name) : [],
          },
        }),
  };
}

const choiceOf = ({ id, name, connection }: CrmWorkflow) => ({ id, name, connection });

/** Those of the CRMs that the campaign has to do with; of one that has to do with none, all. */
function workflowsOf(campaign: Campaign | undefined, config: CardConfig): CrmWorkflow[] {
  const ofCampaign = Object.values(campaign?.workflows ?? {}).flatMap(
    (id) => config['crm-workflow'].get(id ?? '')?.connection ?? [],
  );
  const near = new Set([...connectionsOf(campaign, config), ...ofCampaign]);
  return [...config['crm-workflow'].values()]
    .filter(({ connection }) => near.size === 0 || near.has(connection))
    .filter((workflow) => canRun(workflow, config))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

const canRun = ({ enabled, connection }: CrmWorkflow, config: CardConfig): boolean =>
  enabled && config['crm-connection'].get(connection)?.enabled === true;

function named(id: string | undefined, types: readonly string[], config: CardConfig): CrmWorkflow | undefined {
  const workflow = config['crm-workflow'].get(id ?? '');
  return workflow !== undefined && types.includes(workflow.type) && canRun(workflow, config) ? workflow : undefined;
}

function needsOf(workflow: CrmWorkflow): CardChoices['searches'][number]['needs'] | undefined {
  switch (workflow.type) {
    case 'search-by-phone':
      return workflow.number === undefined ? 'number' : 'nothing';
    case 'search':
      return workflow.module === undefined ? 'filter' : 'nothing';
    case 'dynamic-search':
      return 'nothing';
    default:
      return undefined;
  }
}

function creationOf(workflow: CrmWorkflow): CardChoices['creations'][number] | undefined {
  if (workflow.type !== 'create' && workflow.type !== 'create-custom') return undefined;
  return { ...choiceOf(workflow), module: workflow.module, fields: fieldsOf(workflow) };
}

type Writing = Pick<Extract<CrmWorkflow, { type: 'update' | 'create' }>, 'values'> & {
  readonly inputFields?: readonly string[];
};

/** First what has to be filled in by hand. */
function fieldsOf({ values, inputFields = [] }: Writing): { name: string; isPreset: boolean }[] {
  const preset = Object.keys(values);
  const open = inputFields.filter((name) => !preset.includes(name));
  return [
    ...[...new Set(open)].map((name) => ({ name, isPreset: false })),
    ...preset.map((name) => ({ name, isPreset: true })),
  ];
}
