import type { z } from 'zod';
import { type Agent, agent, type ExternalSystem, externalSystem } from './agent.ts';
import { type ApiToken, apiToken } from './api-token.ts';
import { type Automation, automation } from './automation.ts';
import { type Campaign, campaign } from './campaign.ts';
import { type ContactDatabase, contactDatabase } from './contact-database.ts';
import { type CrmConnection, crmConnection } from './crm-connection.ts';
import { type CrmWorkflow, crmWorkflow } from './crm-workflow.ts';
import { type DataMapping, dataMapping } from './data-mapping.ts';
import { type ExternalSite, externalSite } from './external-site.ts';
import { type Flow, flow } from './flow.ts';
import { type Form, form } from './form.ts';
import { type Identification, identification } from './identification.ts';
import { type IdentityProvider, identityProvider } from './identity-provider.ts';
import { type MailServer, mailServer } from './mail-server.ts';
import { type Memorialization, memorialization } from './memorialization.ts';
import { type RoutingRule, routingRule } from './routing-rule.ts';
import { type SiteAuthentication, siteAuthentication } from './site-authentication.ts';
import { type Tenant, tenant } from './tenant.ts';
import { type Trigger, trigger } from './trigger.ts';
import { type User, user } from './user.ts';

/** Every kind of configuration entity, as it is spelled in keys, in the admin API and in YAML. */
export interface ConfigKinds {
  tenant: Tenant;
  'api-token': ApiToken;
  'identity-provider': IdentityProvider;
  user: User;
  'external-system': ExternalSystem;
  agent: Agent;
  'site-authentication': SiteAuthentication;
  'external-site': ExternalSite;
  'crm-connection': CrmConnection;
  'data-mapping': DataMapping;
  'crm-workflow': CrmWorkflow;
  'contact-database': ContactDatabase;
  form: Form;
  memorialization: Memorialization;
  campaign: Campaign;
  'mail-server': MailServer;
  trigger: Trigger;
  'routing-rule': RoutingRule;
  identification: Identification;
  automation: Automation;
  flow: Flow;
}
export type ConfigKind = keyof ConfigKinds;

export const configSchemas: { readonly [Kind in ConfigKind]: z.ZodType<ConfigKinds[Kind]> } = {
  tenant,
  'api-token': apiToken,
  'identity-provider': identityProvider,
  user,
  'external-system': externalSystem,
  agent,
  'site-authentication': siteAuthentication,
  'external-site': externalSite,
  'crm-connection': crmConnection,
  'data-mapping': dataMapping,
  'crm-workflow': crmWorkflow,
  'contact-database': contactDatabase,
  form,
  memorialization,
  campaign,
  'mail-server': mailServer,
  trigger,
  'routing-rule': routingRule,
  identification,
  automation,
  flow,
};

/** In the order in which they may refer to each other: what is referred to comes first. */
export const configKinds = Object.keys(configSchemas) as ConfigKind[];

export const isConfigKind = (kind: string): kind is ConfigKind => Object.hasOwn(configSchemas, kind);

/** All entities of one tenant. */
export type TenantConfig = { readonly [Kind in ConfigKind]: ReadonlyMap<string, ConfigKinds[Kind]> };

/** All that is configured, as each service holds it in memory. */
export type ConfigSnapshot = ReadonlyMap<string, TenantConfig>;

/** An empty tenant, for tests and for the first entity of a tenant. */
export function emptyTenantConfig(): TenantConfig {
  return Object.fromEntries(configKinds.map((kind) => [kind, new Map()])) as unknown as TenantConfig;
}
