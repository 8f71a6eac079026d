import type { TenantConfig } from './registry.ts';

/** A reference from one entity to another that does not exist. */
export interface BrokenReference {
  readonly kind: string;
  readonly id: string;
  readonly path: string;
  readonly expected: string;
}

/** What a tenant's configuration refers to but does not have. Checked before anything is stored or removed. */
export function brokenReferences(config: TenantConfig): BrokenReference[] {
  const broken: BrokenReference[] = [];
  for (const campaign of config.campaign.values()) {
    const missing = (path: string, ids: readonly string[], has: (id: string) => boolean, kind: string): void => {
      ids.forEach((id, at) => {
        if (!has(id)) {
          broken.push({
            kind: 'campaign',
            id: campaign.id,
            path: `${path}[${at}]`,
            expected: `an existing ${kind}, not "${id}"`,
          });
        }
      });
    };
    missing('sites', campaign.sites, (id) => config['external-site'].has(id), 'external-site');
    missing('records', campaign.records, (id) => config['crm-connection'].has(id), 'crm-connection');
  }
  return broken;
}
