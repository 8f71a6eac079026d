import { serveRpc } from '@patchcord/bus';
import { rpc, type SiteTestRequest } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { fileWith, patchcordProcess, startCli } from './fixture.ts';

const info = (id: string) => ({ id, version: 1, updatedAt: '2026-11-20T23:41:21.100Z', keyId: 'k1' });

test('secret set - takes the value from standard input, without the line break at its end', async () => {
  const { bus, env } = await startCli();
  const values: string[] = [];
  const served = serveRpc(bus, rpc.putSecret, async ({ id, value }) => {
    values.push(value);
    return info(id);
  });
  onTestFinished(() => served.stop());
  const one = await patchcordProcess(['secret', 'set', 'crm-password'], env, 'hunter2\n');
  const pem = await patchcordProcess(
    ['secret', 'set', 'crm-key'],
    env,
    '-----BEGIN KEY-----\nabc\n-----END KEY-----\n\n',
  );
  expect([one.code, pem.code]).toEqual([0, 0]);
  expect(values).toEqual(['hunter2', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n']);
  expect(`${one.out}${one.err}`).not.toContain('hunter2');
  expect(one.err).toContain('set crm-password (version 1)');
});

test('secret set - takes no value from the command line, and no empty one', async () => {
  const { env } = await startCli();
  expect((await patchcordProcess(['secret', 'set', 'crm-password', 'hunter2'], env)).code).toBe(2);
  const empty = await patchcordProcess(['secret', 'set', 'crm-password'], env, '\n');
  expect([empty.code, empty.err]).toEqual([2, expect.stringContaining('expected the value on standard input')]);
});

test('secret list and remove - say what is needed, and what is missing', async () => {
  const { bus, config, run } = await startCli();
  const basic = { id: 'crm', name: 'CRM', kind: 'basic', username: 'x', password: 'crm-password' };
  await config.put('acme', 'site-authentication', basic);
  const list = serveRpc(bus, rpc.listSecrets, async () => ({ secrets: [info('idle')] }));
  const remove = serveRpc(bus, rpc.removeSecret, async () => ({ outcome: 'removed' as const }));
  onTestFinished(async () => void (await Promise.all([list.stop(), remove.stop()])));
  const listed = await run(['secret', 'list']);
  expect(listed.out).toMatch(/1 +idle\n/);
  expect(listed.out).toMatch(/missing +crm-password +site-authentication\/crm/);
  expect(listed.err).toContain('1 missing');
  expect((await run(['secret', 'remove', 'idle'])).code).toBe(0);
  const needed = await run(['secret', 'remove', 'crm-password']);
  expect([needed.code, needed.err]).toEqual([1, expect.stringContaining('site-authentication "crm" needs')]);
  expect((await run(['secret', 'remove', 'crm-password', '--force'])).code).toBe(0);
});

test('token - created, listed, rotated, removed; the token alone goes to standard output', async () => {
  const { env, run } = await startCli();
  const create = ['token', 'create', '--name', 'PBX', '--id', 'pbx', '--scopes', 'sessions:read', '--agent', '1001'];
  const created = await run([...create, '--expires', '2100-01-01']);
  expect(created.out).toMatch(/^pc_acme_\S{43}\n$/);
  expect(created.err).toContain('expires at 2100-01-01T00:00:00Z');
  const statusOf = async (out: string): Promise<number> => {
    const headers = { authorization: `Bearer ${out.trim()}` };
    return (await fetch(new URL('/v1/live', env.PATCHCORD_URL), { headers })).status;
  };
  expect(await statusOf(created.out)).toBe(200);
  const rotated = await run(['token', 'rotate', 'pbx', '--grace', '0']);
  expect([await statusOf(created.out), await statusOf(rotated.out)]).toEqual([401, 200]);
  const listed = await run(['token', 'list']);
  expect(listed.out).toMatch(/pbx +\S+ +2100-01-01T00:00:00Z +sessions:read \(agent 1001\) +PBX/);
  expect((await run(['token', 'remove', 'pbx'])).code).toBe(0);
  expect(await statusOf(rotated.out)).toBe(401);
});

test.each([
  [['token', 'create', '--name', 'x', '--scopes', 'root'], /"root" is no scope/],
  [['token', 'create', '--name', 'x', '--scopes', 'admin', '--expires', 'soon'], /--expires: expected a day/],
  [['token', 'rotate', 'x', '--grace', '-1'], /--grace: expected seconds/],
])('token - %s is used wrongly', async (args, message) => {
  const { run } = await startCli();
  const ran = await run(args);
  expect([ran.code, ran.err]).toEqual([2, expect.stringMatching(message)]);
});

test('site test - shows request and answer, sends only when asked, and fails when it was not sent', async () => {
  const { bus, config, run } = await startCli();
  await config.put('acme', 'external-site', { id: 'orders', name: 'Orders', url: 'https://crm.example/{1}' });
  const asked: SiteTestRequest[] = [];
  const served = serveRpc(bus, rpc.testSite, async (request) => {
    asked.push(request);
    const shown = { method: 'POST', url: 'https://crm.example/1', headers: { 'x-key': '***' }, body: 'a=1' };
    if (!request.send) return { outcome: 'rendered' as const, request: shown, notes: ['contact.name had no value'] };
    const answer = { status: 500, headers: {}, body: 'evil \u001b[2J\nmore', durationMs: 12.4 };
    const failure = { class: 'transient' as const, code: 'http_500', message: 'the site answered 500' };
    return { outcome: 'sent' as const, request: shown, answer, failure, notes: [] };
  });
  onTestFinished(() => served.stop());
  const rendered = await run(['site', 'test', 'orders']);
  expect([rendered.code, rendered.out]).toEqual([0, 'POST https://crm.example/1\nx-key: ***\n\na=1\n']);
  expect(rendered.err).toContain('note: contact.name had no value');
  const sample = fileWith('call:\n  ani: "+14155550123"\n', 'sample.yaml');
  const sent = await run(['site', 'test', 'orders', '--send', '--sample', sample, '--campaign', 'sales']);
  expect([sent.code, sent.err]).toEqual([1, expect.stringContaining('the site answered 500 (http_500)')]);
  expect(sent.out).toContain('-> 500 in 12 ms\n\nevil \\x1b[2J\nmore\n');
  expect(asked[1]).toMatchObject({ campaignId: 'sales', sample: { call: { ani: '+14155550123' } }, send: true });
  const bad = await run(['site', 'test', 'orders', '--sample', fileWith('call: 1\n', 'bad.yaml')]);
  expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('expected families')]);
});
