import { connectionProblems, memorializationFitProblems, workflowFitProblems } from '@patchcord/connectors';
import type { BrokenReference, Campaign, ContactDatabase, TenantConfig } from '@patchcord/contracts';
import { parameterProblems, siteUrlProblems } from '@patchcord/expressions';

/** Parameter tables that do not fit their site or database, connections and workflows that do not fit their kind of CRM. */
function tableProblems(config: TenantConfig): BrokenReference[] {
  const ofSites = [...config['external-site'].values()].flatMap((site) =>
    [...siteUrlProblems(site), ...parameterProblems(site, site.parameters)].map((problem) => ({
      kind: 'external-site',
      id: site.id,
      ...problem,
    })),
  );
  const ofConnections = [...config['crm-connection'].values()].flatMap((connection) =>
    connectionProblems(connection).map((problem) => ({ kind: 'crm-connection', id: connection.id, ...problem })),
  );
  const ofWorkflows = [...config['crm-workflow'].values()].flatMap((workflow) => {
    const connection = config['crm-connection'].get(workflow.connection);
    const problems = connection === undefined ? [] : workflowFitProblems(workflow, connection);
    return problems.map((problem) => ({ kind: 'crm-workflow', id: workflow.id, ...problem }));
  });
  const ofMemorializations = [...config.memorialization.values()].flatMap((one) => {
    const connection = config['crm-connection'].get(one.connection);
    const problems = connection === undefined ? [] : memorializationFitProblems(one, connection);
    return problems.map((problem) => ({ kind: 'memorialization', id: one.id, ...problem }));
  });
  return [
    ...ofSites,
    ...ofConnections,
    ...ofWorkflows,
    ...ofMemorializations,
    ...[...config.campaign.values()].flatMap((campaign) => ofCampaign(config, campaign)),
  ];
}

function ofCampaign(config: TenantConfig, { id, sites, database: databaseId }: Campaign): BrokenReference[] {
  const database = databaseId === undefined ? undefined : config['contact-database'].get(databaseId);
  return sites.flatMap(({ site: siteId, parameters }, at) => {
    const site = config['external-site'].get(siteId);
    if (site === undefined) return [];
    const place = { kind: 'campaign', id };
    if (parameters !== undefined) {
      const problems = parameterProblems(site, parameters, database);
      return problems.map(({ path, expected }) => ({ ...place, path: `sites[${at}].${path}`, expected }));
    }
    const expected = foreignColumn(site.parameters, database);
    return expected === undefined ? [] : [{ ...place, path: `sites[${at}]`, expected }];
  });
}

/** A site's own table that names columns which this campaign's contacts do not have. */
function foreignColumn(
  parameters: Parameters<typeof parameterProblems>[1],
  database: ContactDatabase | undefined,
): string | undefined {
  if (database === undefined) return undefined;
  const known = [...database.columns, 'contact_id', 'external_id'];
  const missing = parameters.find(({ family, key }) => family === 'contact' && !known.includes(key));
  if (missing === undefined) return undefined;
  return `a parameter table of this campaign: the site's own names "${missing.key}", no column of "${database.id}"`;
}

/** Those that a change brings, and those of the entities that it stores. What was wrong elsewhere stays as it is. */
export function newTableProblems(
  before: TenantConfig,
  after: TenantConfig,
  isStored: (problem: BrokenReference) => boolean,
): BrokenReference[] {
  const known = new Set(tableProblems(before).map(keyOf));
  return tableProblems(after).filter((problem) => isStored(problem) || !known.has(keyOf(problem)));
}

const keyOf = ({ kind, id, path, expected }: BrokenReference): string => [kind, id, path, expected].join(' ');
