import type { ConfigKind } from '@patchcord/contracts';

/** Where the entities of each kind are administrated: `/admin/<place>`. */
export const placeOf: Readonly<Record<ConfigKind, string>> = {
  tenant: 'tenant',
  campaign: 'campaigns',
  'external-site': 'sites',
  'site-authentication': 'authentications',
  form: 'forms',
  'contact-database': 'contacts',
  'crm-connection': 'crm',
  'data-mapping': 'mappings',
  'crm-workflow': 'workflows',
  memorialization: 'memorialization',
  flow: 'flows',
  'routing-rule': 'rules',
  identification: 'identifications',
  trigger: 'triggers',
  automation: 'automations',
  'mail-server': 'mail',
  'identity-provider': 'providers',
  user: 'users',
  agent: 'agents',
  'api-token': 'tokens',
  'external-system': 'systems',
};

export const listPath = (kind: ConfigKind): string => `/admin/${placeOf[kind]}`;
export const newPath = (kind: ConfigKind): string => `${listPath(kind)}/new`;
export const editorPath = (kind: ConfigKind, id: string): string => `${listPath(kind)}/edit/${encodeURIComponent(id)}`;

/** Pages that are no list of entities. */
type Tool = 'routing-test' | 'secrets' | 'document';

export interface Section {
  readonly key: 'calls' | 'crm' | 'routing' | 'people';
  readonly kinds: readonly ConfigKind[];
  readonly tools: readonly Tool[];
}

/** As the overview and the menu show them: what belongs together, what is needed first comes first. */
export const sections: readonly Section[] = [
  {
    key: 'calls',
    kinds: ['campaign', 'external-site', 'site-authentication', 'form', 'contact-database'],
    tools: [],
  },
  { key: 'crm', kinds: ['crm-connection', 'data-mapping', 'crm-workflow', 'memorialization'], tools: [] },
  {
    key: 'routing',
    kinds: ['flow', 'routing-rule', 'identification', 'trigger', 'automation', 'mail-server'],
    tools: ['routing-test'],
  },
  {
    key: 'people',
    kinds: ['user', 'identity-provider', 'agent', 'external-system', 'api-token', 'tenant'],
    tools: ['secrets', 'document'],
  },
];
