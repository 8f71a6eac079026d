import { type Scope, scopes } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { startConsole } from './fixture.ts';

const draft = { connector: 'vtiger', baseUrl: 'https://crm.example.test', username: 'cti', password: 'key' };

async function start() {
  const fixture = await startConsole();
  const crm = { id: 'crm', name: 'CRM', connector: 'http-json', baseUrl: 'https://crm.example.test' } as const;
  await fixture.config.put('acme', 'crm-connection', crm);
  return fixture;
}

const asked: readonly (readonly [string, object?])[] = [
  ['/v1/crm-connections/test', { connection: draft, logCall: false }],
  ['/v1/crm-connections/crm/test', { logCall: false }],
  ['/v1/crm-connections/crm/log-call', {}],
  ['/v1/crm-connections/crm/modules'],
  ['/v1/crm-connections/crm/modules/Contacts/fields'],
  ['/v1/crm-connections/crm/search?phone=1'],
  ['/v1/crm-connections/crm/health'],
  ['/v1/crm-health'],
  ['/v1/crm-kinds'],
];

test('nobody but an administrator has a CRM asked, drafts least of all', async () => {
  const { request, token } = await start();
  const others = scopes.filter((scope): scope is Exclude<Scope, 'admin'> => scope !== 'admin');
  expect(others.length).toBeGreaterThan(0);
  const secret = await token('acme', ...others);
  for (const [path, body] of asked) {
    const options = body === undefined ? {} : { method: 'POST', body };
    expect([path, (await request(path, { ...options, token: secret })).status]).toEqual([path, 403]);
    expect([path, (await request(path, options)).status]).toEqual([path, 401]);
  }
});

test('the connections of a tenant are not there for the administrators of another', async () => {
  const { request, token } = await start();
  const secret = await token('globex');
  for (const [path, body] of asked.filter(([each]) => each.includes('/crm/'))) {
    const options = body === undefined ? {} : { method: 'POST', body };
    expect([path, (await request(path, { ...options, token: secret })).status]).toEqual([path, 404]);
  }
});

test('a search that would leave out half of what was asked is refused', async () => {
  const { request, token } = await start();
  const secret = await token();
  const of = (query: string) => request(`/v1/crm-connections/crm/search?${query}`, { token: secret });
  for (const query of ['module=Contacts&value=x', 'module=Contacts&field=x', 'phone=1&field=a&value=b', 'expression=a'])
    expect([query, (await of(query)).status]).toEqual([query, 400]);
});
