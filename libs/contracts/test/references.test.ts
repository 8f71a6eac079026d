import { describe, expect, it } from 'vitest';
import {
  brokenReferences,
  type ConfigKind,
  configSchemas,
  emptyTenantConfig,
  type TenantConfig,
} from '../src/index.ts';

type Entities = Partial<Record<ConfigKind, readonly { readonly id: string; readonly [field: string]: unknown }[]>>;

function configOf(entities: Entities): TenantConfig {
  const maps = Object.entries(entities).map(([kind, all]) => [
    kind,
    new Map(all.map((entity) => [entity.id, configSchemas[kind as ConfigKind].parse({ name: entity.id, ...entity })])),
  ]);
  return { ...emptyTenantConfig(), ...Object.fromEntries(maps) };
}

const problems = (entities: Entities): string[] =>
  brokenReferences(configOf(entities)).map(({ kind, id, path, expected }) => `${kind}/${id}.${path}: ${expected}`);

const embedded = { id: 'card', url: 'https://crm.example', trigger: 'automatic', target: 'embedded' };
const afterwards = { id: 'after', url: 'https://crm.example', trigger: 'disposition', target: 'embedded' };

describe('configuration - what a campaign puts before its agents', () => {
  it('only the form: no site beside it', () => {
    expect(
      problems({ 'external-site': [embedded], campaign: [{ id: 'c', interaction: 'form', sites: ['card'] }] }),
    ).toEqual(['campaign/c.sites: no site: the interaction is "form"']);
  });

  it('a site: at least one', () => {
    expect(problems({ campaign: [{ id: 'c', interaction: 'site' }] })).toEqual([
      'campaign/c.sites: at least one site: the interaction is "site"',
    ]);
  });

  it('form and site: an embedded one would cover the form, unless it comes with the disposition', () => {
    const campaign = (site: string) => [{ id: 'c', interaction: 'form-and-site', sites: [site] }];
    expect(problems({ 'external-site': [embedded], campaign: campaign('card') })).toEqual([
      expect.stringMatching(/^campaign\/c\.sites\[0\]: a site that is not embedded/),
    ]);
    expect(problems({ 'external-site': [afterwards], campaign: campaign('after') })).toEqual([]);
  });
});

describe('configuration - references', () => {
  it.each([
    ['campaign', { id: 'c', database: 'people' }, 'campaign/c.database: an existing contact-database, not "people"'],
    [
      'campaign',
      { id: 'c', external: { system: 'crm', id: '7' } },
      'campaign/c.external.system: an existing external-system, not "crm"',
    ],
    [
      'campaign',
      { id: 'c', dispositions: [{ id: 'sold', name: 'Sold', form: 'sale' }] },
      'campaign/c.dispositions[0].form: an existing form, not "sale"',
    ],
    [
      'external-site',
      { id: 's', url: 'https://crm.example', authentication: 'login' },
      'external-site/s.authentication: an existing site-authentication, not "login"',
    ],
    [
      'agent',
      { id: '1001', externalIds: { crm: 'a7' } },
      'agent/1001.externalIds.crm: an existing external-system, not "crm"',
    ],
  ] as const)('%s %j', (kind, entity, problem) => {
    expect(problems({ [kind]: [entity] })).toEqual([problem]);
  });

  it('an id of an external system stands for one agent and one campaign', () => {
    const agents = ['1001', '1002'].map((id) => ({ id, externalIds: { crm: 'a7' } }));
    const campaigns = ['a', 'b'].map((id) => ({ id, external: { system: 'crm', id: '7' } }));
    expect(problems({ 'external-system': [{ id: 'crm' }], agent: agents, campaign: campaigns })).toEqual([
      'agent/1002.externalIds.crm: a value that agent "1001" does not have already',
      'campaign/b.external.id: a value that campaign "a" does not have already',
    ]);
  });

  it('a username stands for one user, whatever its case', () => {
    const users = [
      { id: 'u1', username: 'Ana', role: 'supervisor' },
      { id: 'u2', username: 'ana', role: 'admin' },
    ];
    expect(problems({ user: users })).toEqual(['user/u2.username: a value that user "u1" does not have already']);
  });
});

describe('configuration - automations of a flow', () => {
  const url = 'https://crm.example/callers';
  const ask = (automation: string) => ({ id: 'ask', type: 'http-action', automation, otherwise: 'bye' });
  const flow = (module: object) => [{ id: 'f', start: 'ask', modules: [module, { id: 'bye', type: 'hangup' }] }];
  const http = (id: string) => ({ id, action: { type: 'http', url } });

  it('those that modules name must exist', () => {
    const local = { ...ask('find'), automations: [{ position: 'exit', automation: 'mail' }] };
    expect(problems({ flow: flow(local) })).toEqual([
      'flow/f.modules[0].automations[0].automation: an existing automation, not "mail"',
      'flow/f.modules[0].automation: an existing automation, not "find"',
    ]);
    const both = [http('find'), { id: 'mail', action: { type: 'set-variables', variables: { 'app.x': 1 } } }];
    expect(problems({ automation: both, flow: flow(local) })).toEqual([]);
  });

  it('only an answer over HTTP can be waited for', () => {
    const automation = [{ id: 'find', action: { type: 'set-variables', variables: { 'app.x': 1 } } }];
    expect(problems({ automation, flow: flow(ask('find')) })).toEqual([
      'flow/f.modules[0].automation: an automation whose action is "http", not "set-variables"',
    ]);
  });

  it.each(['x'.repeat(113), 'constructor'])('its outcome must have a name that can be written: %s', (id) => {
    expect(problems({ automation: [http(id)], flow: flow(ask(id)) })).toEqual([
      expect.stringMatching(
        /^flow\/f\.modules\[0\]\.automation: an automation whose id makes a name .*"app\.automations\."$/,
      ),
    ]);
  });

  it('one that is waited for stays while it is', () => {
    const before = configOf({ automation: [http('find')], flow: flow(ask('find')) });
    const after = { ...before, automation: new Map() };
    expect(brokenReferences(after, before).map(({ expected }) => expected)).toEqual([
      'the automation "find" to stay: the flow "f" uses it in the module "ask"',
    ]);
  });
});

describe('configuration - what a connection to a CRM names', () => {
  const connection = { id: 'crm', connector: 'suitecrm', baseUrl: 'https://crm.example' };

  it('the external system of its ids of agents, and campaigns whose calls are logged', () => {
    const named = { ...connection, agentSystem: '7', logging: { campaigns: ['sales'] } };
    expect(problems({ 'crm-connection': [named] })).toEqual([
      'crm-connection/crm.agentSystem: an existing external-system, not "7"',
      'crm-connection/crm.logging.campaigns[0]: an existing campaign, not "sales"',
    ]);
    expect(
      problems({ 'external-system': [{ id: '7' }], campaign: [{ id: 'sales' }], 'crm-connection': [named] }),
    ).toEqual([]);
    expect(problems({ 'crm-connection': [connection] })).toEqual([]);
  });
});
