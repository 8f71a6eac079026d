import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Bus, openSecrets, type SecretStore } from '../src/index.ts';
import { failureOf, freshBus } from './support.ts';

let nats: ServerProcess;
let bus: Bus;
let store: SecretStore;
let tenantId = '';
let tenants = 0;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `t${tenants}`;
  bus = await freshBus(nats);
  store = await openSecrets(bus);
});
afterEach(async () => {
  store.close();
  await bus.close();
});

const sealed = (id: string, text = 'sealed-1') => ({ tenantId, id, sealed: text, keyId: 'k1', actor: 'ana' });

test('secret store - what is put is there, by version, for its tenant alone', async () => {
  const put = await store.put(sealed('crm'));
  expect(store.find(tenantId, 'crm')).toEqual(put);
  expect(await store.get(tenantId, 'crm')).toEqual(put);
  expect(put).toMatchObject({ sealed: 'sealed-1', keyId: 'k1', actor: 'ana' });
  await store.put(sealed('another'));
  expect(store.list(tenantId).map(({ id }) => id)).toEqual(['another', 'crm']);
  expect(store.list('somebody-else')).toEqual([]);
  expect((await store.put(sealed('crm', 'sealed-2'))).version).toBeGreaterThan(put.version);
});

test('secret store - of two changes of the same version one is refused', async () => {
  const { version } = await store.put(sealed('crm'));
  await store.put(sealed('crm', 'first'), { ifVersion: version });
  const refused = await failureOf(store.put(sealed('crm', 'second'), { ifVersion: version }));
  expect([refused.class, refused.code]).toEqual(['permanent', 'version_conflict']);
  expect(store.find(tenantId, 'crm')?.sealed).toBe('first');
  expect((await failureOf(store.put(sealed('crm'), { ifVersion: 0 }))).code).toBe('version_conflict');
});

test('secret store - what is removed is gone, also from the stream, and can be put anew', async () => {
  await store.put(sealed('crm', 'to-be-forgotten'));
  expect(await store.remove(tenantId, 'crm')).toBe(true);
  expect(store.find(tenantId, 'crm')).toBeUndefined();
  expect(await store.get(tenantId, 'crm')).toBeUndefined();
  expect(await store.remove(tenantId, 'crm')).toBe(false);
  const subject = `$KV.patchcord_secrets_v1.${tenantId}.crm`;
  const { state } = await bus.jsm.streams.info('KV_patchcord_secrets_v1', { subjects_filter: subject });
  expect(state.subjects).toEqual({ [subject]: 1 });
  const marker = await bus.jsm.streams.getMessage('KV_patchcord_secrets_v1', { last_by_subj: subject });
  expect(marker?.data).toHaveLength(0);
  await store.put(sealed('crm', 'anew'), { ifVersion: 0 });
  expect(store.find(tenantId, 'crm')?.sealed).toBe('anew');
});

test('secret store - a change of one replica is soon known to another, also after the server went away', async () => {
  const otherBus = await freshBus(nats, 'other');
  const other = await openSecrets(otherBus);
  await store.put(sealed('crm', 'one'));
  await eventually(() => other.find(tenantId, 'crm')?.sealed === 'one');
  await nats.restart();
  await eventually(
    () =>
      store.put(sealed('crm', 'two')).then(
        () => true,
        () => false,
      ),
    { deadlineMs: 20_000 },
  );
  await eventually(() => other.find(tenantId, 'crm')?.sealed === 'two', { deadlineMs: 20_000 });
  other.close();
  await otherBus.close();
});
