import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

const yaml = `# acme
tenant:
  - id: acme
    name: Acme
external-site:
  - id: orders
    name: Orders
    url: https://crm.example/calls
campaign:
  - id: sales
    name: Sales
    sites: [orders]
`;
const asYaml = { 'content-type': 'application/yaml' };

const change = z.looseObject({ kind: z.string(), id: z.string(), change: z.string() });
const applied = z.object({ dryRun: z.boolean(), changes: z.array(change) });

const post = ({ request }: ConsoleFixture, token: string, body: string, query = ''): Promise<Response> =>
  request(`/v1/config:apply${query}`, { method: 'POST', token, headers: asYaml, body });

const apply = async (...args: Parameters<typeof post>): Promise<z.output<typeof applied>> =>
  jsonOf(await post(...args), applied);
const refused = async (...args: Parameters<typeof post>): ReturnType<typeof refusalOf> =>
  refusalOf(await post(...args));
const kindsOfChange = ({ changes }: z.output<typeof applied>): string[] => changes.map((each) => each.change);

test('apply - a YAML document is stored as a whole, and is in force at once', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  expect(await apply(fixture, token, yaml)).toEqual({
    dryRun: false,
    changes: [
      { kind: 'tenant', id: 'acme', change: 'create' },
      { kind: 'external-site', id: 'orders', change: 'create' },
      { kind: 'campaign', id: 'sales', change: 'create' },
    ],
  });
  expect(fixture.config.tenant('acme').campaign.get('sales')?.sites).toEqual([{ site: 'orders' }]);
  expect(kindsOfChange(await apply(fixture, token, yaml))).toEqual(['unchanged', 'unchanged', 'unchanged']);
});

test('apply - one bad entity refuses all, with its path and line', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const bad = yaml
    .replace('https://crm.example/calls', 'crm')
    .replace('sites: [orders]', 'sites: [orders]\n    sties: []');
  const refusal = await refused(fixture, token, bad);
  expect([refusal.status, refusal.code]).toEqual([422, 'config_invalid']);
  expect(refusal.issues).toEqual([
    { path: 'external-site[0].url', message: expect.stringMatching(/\(line 8\)$/) },
    { path: 'campaign[0]', message: expect.stringMatching(/sties.*\(line 10\)$/) },
  ]);
  expect(fixture.config.tenant('acme').tenant.size).toBe(0);
});

test('apply - a broken reference is told at its line, and changes nothing', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const { status, issues } = await refused(fixture, token, yaml.replace('[orders]', '[orders, nothing]'));
  expect([status, issues]).toEqual([
    422,
    [{ path: 'campaign[0].sites[1]', message: 'expected an existing external-site, not "nothing" (line 12)' }],
  ]);
  expect(fixture.config.tenant('acme').campaign.size).toBe(0);
});

test.each([
  ['text that is no YAML', 'tenant:\n  - id: [a\n', 400, /line 3/],
  ['a list', '- a\n', 422, /expected kinds/],
  ['an unknown kind', 'sites: []\n', 422, /not a kind/],
  ['an entity twice', 'tenant:\n  - {id: a, name: A}\n  - {id: a, name: B}\n', 422, /stands already at tenant\[0\]/],
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`,
    400,
    /alias/,
  ],
])('apply - refuses %s', async (_what, body, ...[status, message]) => {
  const fixture = await startConsole();
  const refusal = await refused(fixture, await fixture.token(), body);
  expect(refusal.status).toBe(status);
  expect(JSON.stringify(refusal.issues)).toMatch(message);
});

test('apply - a dry run tells the differences and stores nothing', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await apply(fixture, token, yaml);
  const changed = yaml.replace('name: Orders', 'name: Orders EU').replace('id: sales', 'id: support');
  expect(await apply(fixture, token, changed, '?dryRun=true&prune=true')).toEqual({
    dryRun: true,
    changes: [
      { kind: 'tenant', id: 'acme', change: 'unchanged' },
      { kind: 'external-site', id: 'orders', change: 'update', fields: ['name'] },
      { kind: 'campaign', id: 'support', change: 'create' },
      { kind: 'campaign', id: 'sales', change: 'remove' },
    ],
  });
  expect([...fixture.config.tenant('acme').campaign.keys()]).toEqual(['sales']);
});

test('apply - a document may say whose it is, and is refused by another tenant', async () => {
  const fixture = await startConsole();
  const document = yaml.replace(/tenant:\n.*\n.*\n/, 'tenant: acme\n');
  expect(kindsOfChange(await apply(fixture, await fixture.token('acme'), document))).toEqual(['create', 'create']);
  const { status, issues } = await refused(fixture, await fixture.token('umbrella'), document);
  expect([status, issues]).toEqual([
    422,
    [{ path: 'tenant', message: 'expected "umbrella", whose token asks (line 2)' }],
  ]);
});

test('apply - prune removes what the document no longer holds, but only of the kinds that it names', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await apply(fixture, token, yaml);
  await apply(fixture, token, 'campaign: []\n', '?prune=true');
  const now = fixture.config.tenant('acme');
  expect([now.campaign.size, now['external-site'].size, now['api-token'].size]).toEqual([0, 1, 1]);
});

test('apply - refuses to prune the token that asks', async () => {
  const fixture = await startConsole();
  const { status } = await refused(fixture, await fixture.token(), 'api-token: []\n', '?prune=true');
  expect(status).toBe(409);
  expect(fixture.config.tenant('acme')['api-token'].size).toBe(1);
});

test('export - what was exported can be applied again, as YAML and as JSON', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await apply(fixture, token, yaml);
  const exported = await fixture.request('/v1/config:export?format=yaml', { token });
  expect(exported.headers.get('content-type')).toContain('application/yaml');
  const text = await exported.text();
  expect(text).toContain('SHA-256');
  const again = await apply(fixture, token, text, '?prune=true');
  expect(new Set(kindsOfChange(again))).toEqual(new Set(['unchanged']));
  const document = z.record(z.string(), z.array(z.unknown()));
  const json = await jsonOf(await fixture.request('/v1/config:export', { token }), document);
  expect(Object.keys(json)).toEqual(['tenant', 'api-token', 'external-site', 'campaign']);
  const asJson = await fixture.request('/v1/config:apply', { method: 'POST', token, body: json });
  expect(asJson.status).toBe(200);
});

test('YAML - without a token, 200 KB of keys held the console up for 9 s', async () => {
  const fixture = await startConsole();
  const keys = Array.from({ length: 20_000 }, (_, at) => `k${at}: 1\n`).join('');
  const startedAt = performance.now();
  const open = await fixture.request('/v1/login', { method: 'POST', headers: asYaml, body: keys });
  expect(open.status).toBe(415);
  const token = await fixture.token();
  await refused(fixture, token, keys);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('YAML - as many aliases as entities held the console up for 9 s', async () => {
  const fixture = await startConsole();
  const aliases = Array.from({ length: 20_000 }, (_, at) => `- &a${at} x\n- *a${at}\n`).join('');
  const startedAt = performance.now();
  const { issues } = await refused(fixture, await fixture.token(), aliases);
  expect(issues[0]?.message).toBe('expected at most 100 aliases');
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('YAML - the same key twice is refused with its line', async () => {
  const fixture = await startConsole();
  const { issues } = await refused(
    fixture,
    await fixture.token(),
    'campaign: []\nagent:\n  - id: a\n    name: A\n    id: b\n',
  );
  expect(issues).toEqual([{ path: 'line 5', message: 'the key "id" stands already in this map' }]);
});
