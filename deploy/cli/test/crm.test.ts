import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeVtiger } from '../../../libs/connectors/test/crm/vtiger/fake.ts';
import { type CliFixture, fileWith, patchcord, patchcordProcess, startCli } from './fixture.ts';

const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };

interface CrmCli extends CliFixture {
  readonly crm: FakeCrm;
  readonly connection: Record<string, unknown>;
}

/** A console, a dispatcher that is a process of its own, and a CRM. */
async function start(): Promise<CrmCli> {
  const [fixture, crm] = await Promise.all([startCli(), startFakeVtiger()]);
  onTestFinished(() => crm.close());
  startDispatcher(fixture);
  const secret = { tenantId: 'acme', id: 'access-key', value: 'pass-4711' };
  const isThere = () =>
    callRpc(fixture.bus, rpc.putSecret, secret, { timeoutMs: 1000 }).then(
      () => true,
      () => false,
    );
  await eventually(isThere, { what: 'the dispatcher', deadlineMs: 20_000 });
  const logIn = { connector: 'vtiger', username: 'cti', password: 'access-key' };
  const connection = { name: 'Vtiger', baseUrl: crm.url, egress, ...logIn };
  await fixture.config.put('acme', 'crm-connection', { id: 'sales', ...connection });
  await eventually(async () => (await fixture.run(['crm', 'test', 'sales'])).code === 0);
  return { ...fixture, crm, connection };
}

function startDispatcher({ serverUrls }: CliFixture): void {
  const main = join(import.meta.dirname, '../../../services/crm-dispatcher/src/main.ts');
  const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  const own = { HTTP_PORT: '0', LOG_LEVEL: 'error', SECRETS_KEYS: keys, EGRESS_ALLOWED_CIDRS: '127.0.0.0/8' };
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...serverUrls, ...own },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
}

test('crm - a connection is tested step by step, described, searched and written to', async () => {
  const { run, crm } = await start();
  const id = crm.seed('Contacts', { firstname: 'Ann', lastname: 'Sm\u001b[2Jith', mobile: '+14155550123' });

  const tested = await run(['crm', 'test', 'sales', '--phone', '(415) 555-0123', '--log-call']);
  expect([tested.code, tested.err]).toEqual([0, '']);
  expect(tested.out).toMatch(/^ok +configuration +0 ms {2}as this kind/);
  expect(tested.out).toMatch(/\nok +log-in +\d+ ms {2}we are cti\n/);
  expect(tested.out).toMatch(/\nok +search +\d+ ms {2}one has the number\n/);
  expect(tested.out).toMatch(/\nok +log-call +\d+ ms {2}a test call was written into PBXManager, at Contacts\n/);
  expect(tested.out).toContain('Sm\\x1b[2Jith');
  expect(crm.loggedCalls().length).toBe(1);

  const modules = await run(['crm', 'describe', 'sales']);
  expect(modules.code).toBe(0);
  expect(modules.out).toMatch(/^module +label +custom +numbers in +standard fields\n/);
  expect(modules.out).toMatch(/\nContacts +.*mobile phone homephone otherphone +lastname firstname/);
  expect(modules.err).toMatch(/cannot upsert: Vtiger has no upsert/);
  const fields = await run(['crm', 'describe', 'sales', 'Contacts']);
  expect(fields.out).toMatch(/\nlastname +.* +yes +yes/);
  expect(await run(['crm', 'describe', 'sales', 'Nowhere'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/error: /),
  });

  const found = await run([
    'crm',
    'search',
    'sales',
    '--phone',
    '4155550123',
    '--modules',
    'Contacts',
    '--fields',
    'mobile',
  ]);
  expect(found.out).toMatch(new RegExp(`${id} +e164 +mobile +\\+14155550123 +http`));
  const byValue = await run([
    'crm',
    'search',
    'sales',
    '--module',
    'Contacts',
    '--field',
    'mobile',
    '--value',
    '1',
    '--json',
  ]);
  expect(JSON.parse(byValue.out)).toMatchObject({ outcome: 'done', hits: [] });
  expect(await run(['crm', 'search', 'sales', '--phone', '4155550199'])).toMatchObject({
    code: 0,
    out: '',
    err: 'nobody was found\n',
  });

  const sample = await run(['crm', 'log-call', 'sales', '--sample']);
  expect([sample.code, sample.out]).toEqual([0, expect.stringMatching(/^PBXManager \S+, at nobody\n/)]);
  const call = fileWith(
    stringify({ key: 'k-1', from: '+14155550123', durationSeconds: 5, notes: 'kettle' }),
    'call.yaml',
  );
  expect((await run(['crm', 'log-call', 'sales', '--call', call])).out).toContain(`at Contacts ${id}`);
  expect((await run(['crm', 'log-call', 'sales', '--call', call])).out).toContain('was there already');
  expect(crm.loggedCalls().length).toBe(3);
});

test('crm - a connection is tested before it is stored; what is wrong is told with its place, and the exit code is 1', async () => {
  const { run, connection, crm } = await start();
  const draft = fileWith(stringify(connection), 'draft.yaml');
  expect((await run(['crm', 'test', '--draft', draft])).code).toBe(0);
  const asSet = fileWith(stringify({ 'crm-connection': [{ id: 'x', ...connection, username: 'nobody' }] }), 'set.yaml');
  const refused = await run(['crm', 'test', '--draft', asSet, '--phone', '4155550123']);
  expect([refused.code, refused.err]).toEqual([1, 'error: the connection does not work\n']);
  expect(refused.out).toMatch(/\nFAIL log-in .*\n- +search +0 ms {2}the step before it failed: log-in\n/);
  const wrong = fileWith(stringify({ ...connection, baseUrl: 'crm' }), 'wrong.yaml');
  const told = await run(['crm', 'test', '--draft', wrong]);
  expect([told.code, told.err]).toEqual([
    1,
    expect.stringContaining('connection.baseUrl: expected an http:// or https:// URL'),
  ]);
  crm.failNext({ status: 503, body: 'down' });
  const json = await run(['crm', 'test', 'sales', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ outcome: 'failed', steps: [{}, { step: 'log-in', outcome: 'failed' }] });
  expect(json.code).toBe(1);
});

test('crm - health, of one connection and of all; kinds, and all of one', async () => {
  const { run, env } = await start();
  await eventually(async () => (await run(['crm', 'health', 'sales'])).out.includes(' ok '), { deadlineMs: 20_000 });
  const all = JSON.parse((await run(['crm', 'health', '--json'])).out);
  expect(all).toMatchObject([{ connectionId: 'sales', connector: 'vtiger', enabled: true }]);
  expect(await run(['crm', 'health', 'none'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/there is no crm-connection "none"/),
  });

  const kinds = await run(['crm', 'kinds']);
  expect(kinds.out).toMatch(/\nvtiger +Vtiger +username-password, basic +upsert, link, attach-recording/);
  const one = await run(['crm', 'kinds', 'salesforce']);
  expect(one.out).toMatch(/\ncallKeyField +string +the API name of a field, such as CTI_Call_Id__c\n/);
  expect(one.out).toMatch(/cannot attach-recording: a task of Salesforce has no file/);
  expect(await run(['crm', 'kinds', 'none'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/there is no kind "none": expected one of/),
  });
  // As people run it: a process of its own, whose output is piped.
  const piped = await patchcordProcess(['crm', 'test', 'sales'], env);
  expect([piped.code, piped.err, piped.out]).toEqual([0, '', expect.stringMatching(/^ok +configuration/)]);
});

test('crm - used wrongly it says how, and asks nobody', async () => {
  const env = { PATCHCORD_TOKEN: 'pc_x', PATCHCORD_URL: 'http://127.0.0.1:9' };
  for (const [args, said] of [
    [['test'], /either the id of a crm-connection, or --draft/],
    [['test', 'sales', '--draft', 'x.yaml'], /either the id/],
    [['test', '--draft', fileWith('name: x\n')], /expected one crm-connection/],
    [['search', 'sales'], /either --phone or --module/],
    [['log-call', 'sales'], /either --sample or --call/],
    [['log-call', 'sales', '--call', fileWith('from: 1\n')], /from: /],
    [['search', 'sales', '--phone', '1', '--limit', '500'], /expected a number from 1 to 100/],
  ] as const) {
    const ran = await patchcord(['crm', ...args], env);
    expect([args, ran.code, ran.err]).toEqual([args, 2, expect.stringMatching(said)]);
  }
  const help = await patchcord(['crm', '--help']);
  for (const name of ['test', 'describe', 'search', 'log-call', 'health', 'kinds']) expect(help.out).toContain(name);
});

test('crm - what failed is told by the exit code as well where the answer is JSON; a field that a module lacks is told of', async () => {
  const { run, crm } = await start();
  for (const args of [
    ['describe', 'sales', 'Nowhere', '--json'],
    ['search', 'sales', '--module', 'Nowhere', '--json'],
  ]) {
    const { code, out } = await run(['crm', ...args]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'failed', failure: { class: 'permanent' } });
  }
  for (const args of [
    ['--module', 'Contacts', '--value', 'x'],
    ['--phone', '1', '--field', 'lastname', '--value', 'x'],
  ])
    expect(await run(['crm', 'search', 'sales', ...args])).toMatchObject({ code: 2, out: '' });
  crm.seed('Leads', { lastname: 'Lead', phone: '+14155550123', company: 'Acme' });
  const found = await run(['crm', 'search', 'sales', '--phone', '4155550123', '--fields', 'company']);
  expect(found).toMatchObject({ code: 0, out: expect.stringContaining('Acme') });
  expect(found.err).toContain('Contacts has no company: not shown\n');
});
