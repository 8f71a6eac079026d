import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileWith, patchcordProcess, startCli } from './fixture.ts';

const document = `external-site:
  - id: orders
    name: Orders
    url: https://crm.example/calls
campaign:
  - id: sales
    name: Sales
    sites: [orders]
`;

test('config apply - stores a file, tells what changed, and nothing the second time', async () => {
  const { run, config } = await startCli();
  const file = fileWith(document);
  const first = await run(['config', 'apply', file]);
  expect([first.code, first.out, first.err]).toEqual([
    0,
    '+ external-site/orders\n+ campaign/sales\n',
    '2 created, 0 updated, 0 removed, 0 unchanged\n',
  ]);
  expect(config.tenant('acme').campaign.has('sales')).toBe(true);
  const second = await run(['config', 'apply', file]);
  expect([second.out, second.err]).toEqual(['', '0 created, 0 updated, 0 removed, 2 unchanged\n']);
});

test('config apply - reads standard input, as a process of its own', async () => {
  const { env, config } = await startCli();
  const ran = await patchcordProcess(['config', 'apply', '-'], env, document);
  expect(ran).toEqual({
    code: 0,
    out: '+ external-site/orders\n+ campaign/sales\n',
    err: '2 created, 0 updated, 0 removed, 0 unchanged\n',
  });
  expect(config.tenant('acme').campaign.has('sales')).toBe(true);
  const refused = await patchcordProcess(['config', 'apply', '-'], env, 'campaign: [{id: x}]');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('campaign[0].name')]);
});

test('config apply - a dry run shows updates by field and removals, and stores nothing', async () => {
  const { run, config } = await startCli();
  await run(['config', 'apply', fileWith(document)]);
  const changed = document.replace('name: Orders', 'name: New').replace('id: sales', 'id: support');
  const dry = await run(['config', 'apply', fileWith(changed), '--dry-run', '--prune']);
  expect(dry.out).toBe('~ external-site/orders (name)\n+ campaign/support\n- campaign/sales\n');
  expect(dry.err).toContain('nothing was stored');
  expect(config.tenant('acme').campaign.has('support')).toBe(false);
});

test('config apply - names every bad field with its line and ends with 1', async () => {
  const { run, config } = await startCli();
  const bad = document
    .replace('https://crm.example/calls', 'crm')
    .replace('[orders]', '[orders]\n    acw: { timeoutMs: -1 }');
  const { code, err } = await run(['config', 'apply', fileWith(bad)]);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: refused \(config_invalid\): 2 problems\n {2}external-site\[0\]\.url: .*\(line 4\)\n {2}campaign\[0\]\.acw\.timeoutMs: .*\(line 9\)\n$/,
  );
  expect(config.tenant('acme').campaign.size).toBe(0);
});

test('config export - gives a file that can be applied again', async () => {
  const { run } = await startCli();
  await run(['config', 'apply', fileWith(document)]);
  const file = fileWith('', 'out.yaml');
  expect((await run(['config', 'export', file])).code).toBe(0);
  expect(parse(readFileSync(file, 'utf8'))).toMatchObject({ campaign: [{ id: 'sales' }] });
  const again = await run(['config', 'apply', file, '--prune']);
  expect([again.code, again.err]).toEqual([0, '0 created, 0 updated, 0 removed, 3 unchanged\n']);
  expect(JSON.parse((await run(['config', 'export', '--json'])).out)).toHaveProperty('campaign');
});

test('config list and get - show entities as YAML or JSON', async () => {
  const { run } = await startCli();
  await run(['config', 'apply', fileWith(document)]);
  expect(parse((await run(['config', 'list', 'campaign'])).out)).toMatchObject([{ id: 'sales' }]);
  expect(JSON.parse((await run(['config', 'get', 'campaign', 'sales', '--json'])).out)).toMatchObject({
    name: 'Sales',
  });
  const missing = await run(['config', 'get', 'campaign', 'none']);
  expect([missing.code, missing.err]).toEqual([1, 'error: there is no campaign "none" (not_found)\n']);
});
