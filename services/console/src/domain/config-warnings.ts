import type { Campaign, ConfigKind, ExternalSite, TenantConfig } from '@patchcord/contracts';
import { expressionWarnings } from './expression-warnings.ts';

/** Something that is allowed, and probably not what was meant. */
export interface ConfigWarning {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly path: string;
  readonly message: string;
}

/** What a person should look at in a configuration that is otherwise right. */
export function configWarnings(config: TenantConfig): ConfigWarning[] {
  const campaigns = [...config.campaign.values()];
  return [
    ...campaigns.flatMap((campaign) => [
      ...agentsWithoutId(config, campaign),
      ...contactsFromNowhere(config, campaign),
      ...dispositionsUnheard(config, campaign),
    ]),
    ...sharedBetweenSystems(campaigns),
    ...[...config['external-site'].values()].flatMap((site) => siteWarnings(site, campaigns)),
    ...[...config['site-authentication'].values()].flatMap((each) =>
      'tls' in each && !each.tls.verify ? [unverified('site-authentication', each.id)] : [],
    ),
    ...expressionWarnings(config),
  ];
}

/** Scripts of the CRM name agents by the ids of their external system. */
function agentsWithoutId(config: TenantConfig, { id, external, agents }: Campaign): ConfigWarning[] {
  if (external === undefined) return [];
  const working = agents.length === 0 ? [...config.agent.keys()] : agents;
  return working.flatMap((agentId) => {
    const agent = config.agent.get(agentId);
    if (agent?.externalIds[external.system] !== undefined) return [];
    const message =
      agent === undefined
        ? `works on the campaign "${id}", and is not configured as an agent`
        : `works on the campaign "${id}", and has no id in its external system "${external.system}"`;
    return [{ kind: 'agent', id: agentId, path: `externalIds.${external.system}`, message }];
  });
}

function contactsFromNowhere(config: TenantConfig, { id, sites, database }: Campaign): ConfigWarning[] {
  if (database !== undefined) return [];
  return sites.flatMap(({ site: siteId, parameters }, at) => {
    const table = parameters ?? config['external-site'].get(siteId)?.parameters ?? [];
    const needing = table.find(({ family }) => family === 'contact');
    if (needing === undefined) return [];
    const message = `the parameter "${needing.name}" is a contact's, and the campaign has no contact database`;
    return [{ kind: 'campaign', id, path: `sites[${at}]`, message }];
  });
}

function dispositionsUnheard(config: TenantConfig, { id, sites, dispositions }: Campaign): ConfigWarning[] {
  const told = sites.findIndex(({ site }) => config['external-site'].get(site)?.trigger === 'disposition');
  const marked = dispositions.findIndex(({ crm }) => crm);
  if (marked >= 0 && told < 0) {
    const message = 'is marked for the CRM, and the campaign has no site with the trigger "disposition"';
    return [{ kind: 'campaign', id, path: `dispositions[${marked}].crm`, message }];
  }
  if (told >= 0 && marked < 0) {
    const message = 'waits for dispositions, and none of the campaign is marked with crm: true';
    return [{ kind: 'campaign', id, path: `sites[${told}]`, message }];
  }
  return [];
}

/** A contact's external id belongs to one CRM; two systems on one database would answer for each other's contacts. */
function sharedBetweenSystems(campaigns: readonly Campaign[]): ConfigWarning[] {
  const first = new Map<string, Campaign>();
  return campaigns.flatMap((campaign) => {
    const { id, database, external } = campaign;
    if (database === undefined || external === undefined) return [];
    const earlier = first.get(database);
    if (earlier === undefined) first.set(database, campaign);
    if (earlier === undefined || earlier.external?.system === external.system) return [];
    const message = `the contact database "${database}" is also that of "${earlier.id}", whose external system is another`;
    return [{ kind: 'campaign', id, path: 'database', message }];
  });
}

function siteWarnings({ id, hidden, tls }: ExternalSite, campaigns: readonly Campaign[]): ConfigWarning[] {
  const used = campaigns.some(({ sites }) => sites.some(({ site }) => site === id));
  return [
    ...(used || hidden
      ? []
      : [
          { kind: 'external-site' as const, id, path: '', message: 'no campaign has it, so it is never told anything' },
        ]),
    ...(tls.verify ? [] : [unverified('external-site', id)]),
  ];
}

const unverified = (kind: ConfigKind, id: string): ConfigWarning => ({
  kind,
  id,
  path: 'tls.verify',
  message: "any certificate is accepted: give the CRM's own in tls.ca instead",
});
