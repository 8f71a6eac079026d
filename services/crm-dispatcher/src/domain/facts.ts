import type { Campaign, Contact, ContactDatabase, TenantConfig } from '@patchcord/contracts';
import type { SiteFacts } from '@patchcord/expressions';
import { defined } from './defined.ts';
import type { Occasion } from './firings.ts';

/** What is rendered into a request: the occasion, and what the configuration knows of whom it names. */
export function factsOf(config: TenantConfig, occasion: Occasion, contact: Contact | undefined): SiteFacts {
  const { cause, occurredAt, tenantId, campaign, session, interaction, agentId, disposition } = occasion;
  return {
    cause,
    occurredAt,
    tenant: { id: tenantId, timeZone: timeZoneOf(config), region: regionOf(config) },
    campaign,
    ...defined({ session, interaction, contact, disposition, database: databaseOf(config, campaign) }),
    ...(agentId === undefined ? {} : { agent: agentOf(config, agentId, interaction?.agent.name) }),
  };
}

function agentOf(config: TenantConfig, id: string, saidName: string | undefined): NonNullable<SiteFacts['agent']> {
  const entity = config.agent.get(id);
  const { username, externalIds } = entity ?? {};
  return { id, ...defined({ name: entity?.name ?? saidName, username, externalIds }) };
}

/** Where the contacts of a campaign lie. */
export const databaseOf = (
  config: TenantConfig,
  { database: id }: Pick<Campaign, 'database'>,
): ContactDatabase | undefined => (id === undefined ? undefined : config['contact-database'].get(id));

export function timeZoneOf(config: TenantConfig): string {
  const [tenant] = config.tenant.values();
  return tenant?.timeZone ?? 'UTC';
}

/** Country by which national numbers are read. */
export function regionOf(config: TenantConfig): string {
  const [tenant] = config.tenant.values();
  return tenant?.defaultRegion ?? 'US';
}
