import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type LookupReply, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeVtiger } from '../../../libs/connectors/test/crm/vtiger/fake.ts';
import { tenantId } from './call.ts';
import { onThisMachine, startFixture } from './fixture.ts';

const timeout = { timeoutMs: 5000 };

test('log-ins are counted, a lookup of a connection that is switched off fails at once', async () => {
  const fixture = await startFixture();
  onTestFinished(() => fixture.stop());
  const crm = await startFakeVtiger();
  onTestFinished(() => crm.close());
  const { bus, config } = fixture;
  await fixture.startReplica({ SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` });
  await callRpc(bus, rpc.putSecret, { tenantId, id: 'key', value: 'pass-4711' }, timeout);
  const connection = { id: 'vt', name: 'VT', connector: 'vtiger', baseUrl: crm.url, username: 'cti', password: 'key' };
  const quota = { requests: 1000, per: 'day' };
  await config.put(tenantId, 'crm-connection', { ...connection, quota, egress: onThisMachine });
  const rule = { fieldName: 'lastname', default: { type: 'queue', target: 'q' } };
  await config.put(tenantId, 'routing-rule', {
    id: 'who',
    name: 'Who',
    crm: { connection: 'vt', module: 'Contacts' },
    ...rule,
  });
  const ask = (): Promise<LookupReply> =>
    callRpc(bus, rpc.lookup, { tenantId, ruleId: 'who', input: { ani: '+14155550123' }, budgetMs: 4000 }, timeout);
  const health = async () =>
    (await callRpc(bus, rpc.crmHealth, { tenantId, connectionId: 'vt' }, timeout)).connections[0];

  await eventually(async () => (await health())?.session === 'closed');
  const used = async (): Promise<number> => (await health())?.limits.quota?.used ?? -1;
  const whole = await eventually(async () => ((await ask()).outcome === 'not-found' ? used() : undefined));
  const before = whole;
  expect((await ask()).outcome).toBe('not-found');
  const withSession = (await used()) - before;
  // A challenge and the log-in itself came before the first one.
  expect([before - withSession, (await health())?.session]).toEqual([2, 'open']);

  await config.put(tenantId, 'crm-connection', { ...connection, quota, enabled: false, egress: onThisMachine });
  await eventually(async () => {
    const reply = await ask();
    return reply.outcome === 'failed' && reply.failure.code === 'connection_disabled';
  });
  const [last, lastUsed] = [await health(), await used()];
  expect((await ask()).outcome).toBe('failed');
  expect([last?.status, await used()]).toEqual(['disabled', lastUsed]);
});
