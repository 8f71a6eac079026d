import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { callRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeVtiger } from '../../../libs/connectors/test/crm/vtiger/fake.ts';
import { crmProgressText } from '../src/commands/crm-imports.ts';
import { type CliFixture, startCli } from './fixture.ts';

const count = 230;

/** A console, a dispatcher that is a process of its own, and a CRM with contacts and users. */
async function start(): Promise<CliFixture & { readonly crm: FakeCrm; readonly kill: () => Promise<void> }> {
  const [fixture, crm] = await Promise.all([startCli(), startFakeVtiger()]);
  onTestFinished(() => crm.close());
  for (let at = 0; at < count; at += 1)
    crm.seed('Contacts', { firstname: 'Ann', lastname: `${at}`, mobile: `(415) 555-${1000 + at}` });
  crm.seed('Users', { user_name: 'ana', first_name: 'Ana', email1: 'ana@acme.example', status: 'Active' });
  const kill = startDispatcher(fixture);
  const { bus, config } = fixture;
  const secret = { tenantId: 'acme', id: 'access-key', value: 'pass-4711' };
  const isThere = () =>
    callRpc(bus, rpc.putSecret, secret, { timeoutMs: 1000 }).then(
      () => true,
      () => false,
    );
  await eventually(isThere, { what: 'the dispatcher', deadlineMs: 30_000 });
  await config.put('acme', 'external-system', { id: 'vt', name: 'Vtiger' });
  await config.put('acme', 'agent', { id: '1001', name: 'Ana', username: 'ana' });
  const database = { id: 'customers', name: 'C', columns: ['phone', 'name', 'id'], phoneColumns: ['phone'] };
  await config.put('acme', 'contact-database', { ...database, externalIdColumn: 'id' });
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  const logIn = { connector: 'vtiger', username: 'cti', password: 'access-key', agentSystem: 'vt' };
  await config.put('acme', 'crm-connection', { id: 'sales', name: 'Vtiger', baseUrl: crm.url, egress, ...logIn });
  await eventually(async () => (await fixture.run(['crm', 'test', 'sales'])).code === 0, { deadlineMs: 30_000 });
  return { ...fixture, crm, kill };
}

function startDispatcher({ serverUrls }: CliFixture): () => Promise<void> {
  const main = join(import.meta.dirname, '../../../services/crm-dispatcher/src/main.ts');
  const keys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  const own = { HTTP_PORT: '0', LOG_LEVEL: 'error', SECRETS_KEYS: keys, EGRESS_ALLOWED_CIDRS: '127.0.0.0/8' };
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...serverUrls, ...own },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return kill;
}

const columns = ['--column', 'phone=mobile', '--column', 'name=record.name', '--column', 'id=record.id'];

test('crm - contacts are imported from a CRM, and nothing twice; users are matched with agents', async () => {
  const { run, crm, config } = await start();
  const asked = ['crm', 'import-contacts', 'sales', 'customers', '--module', 'Contacts', ...columns];
  const first = await run(asked);
  expect([first.code, first.err.trim()]).toEqual([
    0,
    `${count} records: ${count} added, 0 updated, 0 unchanged, 0 refused`,
  ]);
  crm.seed('Contacts', { firstname: 'No', lastname: 'Number', mobile: 'ask Ann' });
  const second = await run([...asked, '--update']);
  expect([second.code, second.err]).toEqual([1, expect.stringContaining(`${count} unchanged, 1 refused`)]);
  expect(second.out).toMatch(/12x\d+ +phone/);
  const found = await run(['contacts', 'find', 'customers', '+14155551042']);
  expect(found.out).toContain('Ann 42');
  expect((await run(['crm', 'import-contacts', 'sales', 'customers', '--module', 'Contacts'])).code).toBe(2);

  const users = await run(['crm', 'users', 'sales']);
  expect(users.out).toMatch(/19x\d+ +Ana +ana +ana@acme.example/);
  const proposed = await run(['crm', 'users', 'sales', '--match']);
  expect([proposed.out, proposed.err]).toEqual([
    expect.stringMatching(/1001 .* username +new/),
    expect.stringContaining('--confirm'),
  ]);
  expect((await run(['crm', 'users', 'sales', '--match', '--confirm'])).err).toContain('1 agents were changed');
  const agent = (await config.get('acme', 'agent', '1001'))?.entity;
  expect(agent).toMatchObject({ externalIds: { vt: expect.stringMatching(/^19x/) } });
}, 90_000);

test('how far an import is, and what it waits for', () => {
  const counts = { bytes: 0, lines: 50, added: 49, updated: 0, unchanged: 0, refused: 1, update: false };
  const at = '2026-11-20T10:00:00Z';
  const now = { importId: 'i', databaseId: 'd', state: 'running', startedAt: at, updatedAt: at, ...counts } as const;
  expect(crmProgressText({ ...now, total: 200 })).toBe('25 % 50 records: 49 added, 0 updated, 0 unchanged, 1 refused');
  const waiting = { ...now, waitingUntil: '2026-11-20T10:05:00Z', message: 'it waits: the quota is used up' };
  expect(crmProgressText(waiting)).toContain('(until 2026-11-20T10:05:00Z, it waits: the quota is used up)');
});
