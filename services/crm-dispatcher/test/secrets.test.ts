import { randomBytes } from 'node:crypto';
import { type Bus, callRpc, connectBus, ensureTopology, openSecrets, type SecretStore } from '@patchcord/bus';
import { type Failure, rpc } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseSealingKeys } from '../src/adapters/secrets-keys.ts';
import { createSealer } from '../src/adapters/secrets-seal.ts';
import { settingsSchema } from '../src/config.ts';
import { createSecrets } from '../src/usecases/secrets.ts';
import { type Fixture, startFixture } from './fixture.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const k1 = newKey('k1');
const k2 = newKey('k2');
const sealerOf = (...keys: string[]) => createSealer(parseSealingKeys(keys.join(',')));
const hush = 'hush-hush-π';

const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => Promise.reject(new Error('expected a failure')),
    (failure: Failure) => failure,
  );

describe('SECRETS_KEYS', () => {
  it.each([[k1], [`${k1}, ${k2}`], [`k:${randomBytes(32).toString('base64url')}`]])('%# is taken', (text) => {
    expect(parseSealingKeys(text)?.length).toBe(text.split(',').length);
    expect(settingsSchema.shape.SECRETS_KEYS.safeParse(text).success).toBe(true);
  });

  it.each([
    ['k1'],
    ['k1:'],
    [`:${k1}`],
    [`k1:${randomBytes(31).toString('base64')}`],
    [`${k1},${k1}`],
    [`${k1},`],
    [`${k1},nonsense`],
    [`k 1:${randomBytes(32).toString('base64')}`],
  ])('%# is refused and not quoted', (text) => {
    const parsed = settingsSchema.shape.SECRETS_KEYS.safeParse(text);
    expect(parsed.error?.issues[0]?.message).toContain('expected keys as id:base64 of 32 bytes');
    expect(JSON.stringify(parsed.error)).not.toContain(text);
  });

  it('is masked when settings are shown', () => {
    const parsed = settingsSchema.shape.SECRETS_KEYS.parse(k1);
    expect([String(parsed), JSON.stringify(parsed)]).toEqual(['***', '"***"']);
  });
});

describe('seal', () => {
  const place = { tenantId: 'acme', id: 'crm' };

  it('opens what it sealed, and the same text never looks the same', async () => {
    const sealer = sealerOf(k1);
    const [one, two] = await Promise.all([sealer.seal(place, hush), sealer.seal(place, hush)]);
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64').toString()).not.toContain('hush');
    expect([await sealer.open(place, one), await sealer.open(place, two)]).toEqual([hush, hush]);
  });

  it.each([
    ['another tenant', { tenantId: 'evil', id: 'crm' }],
    ['another secret', { tenantId: 'acme', id: 'other' }],
  ])('cannot be moved to %s', async (_name, elsewhere) => {
    const sealer = sealerOf(k1);
    const failure = await failureOf(sealer.open(elsewhere, await sealer.seal(place, hush)));
    expect([failure.class, failure.code]).toEqual(['permanent', 'secret_unreadable']);
  });

  it('notices a changed header and a changed text', async () => {
    const sealer = sealerOf(k1);
    const [header = '', ...rest] = (await sealer.seal(place, hush)).split('.');
    const other = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
    const moved = Buffer.from(JSON.stringify({ ...other, tenant: 'evil' })).toString('base64url');
    for (const sealed of [[moved, ...rest].join('.'), `${[header, ...rest].join('.').slice(0, -3)}AAA`, 'nonsense']) {
      const tenantId = sealed.startsWith(moved) ? 'evil' : 'acme';
      expect((await failureOf(sealer.open({ ...place, tenantId }, sealed))).code).toBe('secret_unreadable');
    }
  });

  it('the first key seals, all open; a key that is missing is named and is our own trouble', async () => {
    const sealed = await sealerOf(k1).seal(place, hush);
    expect(await sealerOf(k2, k1).open(place, sealed)).toBe(hush);
    expect(sealerOf(k2, k1).keyId()).toBe('k2');
    const failure = await failureOf(sealerOf(k2).open(place, sealed));
    expect([failure.class, failure.code]).toEqual(['own-trouble', 'secret_key_unknown']);
    expect(failure.message).toContain('k1');
  });

  it('a key of the same id that is another key opens nothing', async () => {
    const failure = await failureOf(sealerOf(newKey('k1')).open(place, await sealerOf(k1).seal(place, hush)));
    expect(failure.code).toBe('secret_unreadable');
  });
});

describe('secrets', () => {
  let nats: ServerProcess;
  let bus: Bus;
  let store: SecretStore;
  beforeAll(async () => {
    nats = await startNats();
    bus = await connectBus({ url: nats.url, name: 'test' });
    await ensureTopology(bus);
    store = await openSecrets(bus);
  });
  afterAll(async () => {
    store.close();
    await bus.close();
    await nats.stop();
  });

  it('a value that is changed or removed is not used any more, at another replica either', async () => {
    const otherBus = await connectBus({ url: nats.url, name: 'other' });
    const otherStore = await openSecrets(otherBus);
    const here = createSecrets({ store, sealer: sealerOf(k1) });
    const there = createSecrets({ store: otherStore, sealer: sealerOf(k1) });
    await here.put({ tenantId: 'acme', id: 'crm', value: 'one' });
    expect([await here.value('acme', 'crm'), await there.value('acme', 'crm')]).toEqual(['one', 'one']);
    await here.put({ tenantId: 'acme', id: 'crm', value: 'two' });
    expect(await here.value('acme', 'crm')).toBe('two');
    await eventually(async () => (await there.value('acme', 'crm')) === 'two');
    await here.remove('acme', 'crm');
    expect((await failureOf(here.value('acme', 'crm'))).code).toBe('secret_missing');
    await eventually(async () => (await failureOf(there.value('acme', 'crm'))).code === 'secret_missing');
    otherStore.close();
    await otherBus.close();
  });

  it('what is stored now can be had by a replica whose watch has stopped', async () => {
    const otherStore = await openSecrets(bus);
    const here = createSecrets({ store, sealer: sealerOf(k1) });
    const behind = createSecrets({ store: otherStore, sealer: sealerOf(k1) });
    await here.put({ tenantId: 'acme', id: 'rotating', value: 'one' });
    await eventually(async () => (await behind.value('acme', 'rotating')) === 'one');
    otherStore.close();
    await here.put({ tenantId: 'acme', id: 'rotating', value: 'two' });
    expect(await behind.storedValue('acme', 'rotating')).toBe('two');
    await here.remove('acme', 'rotating');
    expect((await failureOf(behind.storedValue('acme', 'rotating'))).code).toBe('secret_missing');
  });

  it('what an old key sealed is sealed anew, by several replicas at once, and stays what it was', async () => {
    const before = createSecrets({ store, sealer: sealerOf(k1) });
    for (let n = 0; n < 20; n += 1) await before.put({ tenantId: 'turn', id: `s${n}`, value: `v${n}`, actor: 'ana' });
    const stamps = before.list('turn').map(({ updatedAt }) => updatedAt);
    const after = createSecrets({ store, sealer: sealerOf(k2, k1) });
    await Promise.all([after.reseal(), after.reseal()]);
    expect(new Set(after.list('turn').map(({ keyId }) => keyId))).toEqual(new Set(['k2']));
    expect(after.list('turn').map(({ updatedAt }) => updatedAt)).toEqual(stamps);
    const alone = createSecrets({ store, sealer: sealerOf(k2) });
    expect(await Promise.all([alone.value('turn', 's0'), alone.value('turn', 's19')])).toEqual(['v0', 'v19']);
  });

  it('what a lost key sealed is counted and left alone', async () => {
    await createSecrets({ store, sealer: sealerOf(newKey('lost')) }).put({ tenantId: 'lost', id: 'crm', value: 'x' });
    const secrets = createSecrets({ store, sealer: sealerOf(k2, k1) });
    expect(await secrets.reseal()).toMatchObject({ lost: 1 });
    expect((await failureOf(secrets.value('lost', 'crm'))).code).toBe('secret_key_unknown');
    await secrets.put({ tenantId: 'lost', id: 'crm', value: 'set anew' });
    expect(await secrets.value('lost', 'crm')).toBe('set anew');
  });
});

describe('secrets of a dispatcher', () => {
  let fixture: Fixture;
  const timeout = { timeoutMs: 3000 };
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.stop());

  test('are put, listed and removed by other services, but never read', async () => {
    const replica = await fixture.startReplica({ SECRETS_KEYS: k1 });
    const put = await callRpc(
      fixture.bus,
      rpc.putSecret,
      { tenantId: 'acme', id: 'crm', value: hush, actor: 'ana' },
      timeout,
    );
    expect(put).toMatchObject({ id: 'crm', keyId: 'k1', actor: 'ana', version: expect.any(Number) });
    const listed = await callRpc(fixture.bus, rpc.listSecrets, { tenantId: 'acme' }, timeout);
    expect(listed.secrets).toEqual([put]);
    expect(JSON.stringify([put, listed])).not.toContain('hush');
    expect(await callRpc(fixture.bus, rpc.listSecrets, { tenantId: 'other' }, timeout)).toEqual({ secrets: [] });
    await replica.stop();
    const second = await fixture.startReplica({ SECRETS_KEYS: `${k2},${k1}` });
    await eventually(async () => {
      const { secrets } = await callRpc(fixture.bus, rpc.listSecrets, { tenantId: 'acme' }, timeout);
      return secrets.every(({ keyId }) => keyId === 'k2');
    });
    const removed = { tenantId: 'acme', id: 'crm' };
    expect(await callRpc(fixture.bus, rpc.removeSecret, removed, timeout)).toEqual({ outcome: 'removed' });
    expect(await callRpc(fixture.bus, rpc.removeSecret, removed, timeout)).toEqual({ outcome: 'unknown' });
    await second.stop();
  });

  test('without keys the service starts, and each operation says what to set', async () => {
    const replica = await fixture.startReplica();
    const tenantId = 'acme';
    for (const asked of [
      callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'crm', value: hush }, timeout),
      callRpc(fixture.bus, rpc.listSecrets, { tenantId }, timeout),
      callRpc(fixture.bus, rpc.removeSecret, { tenantId, id: 'crm' }, timeout),
    ]) {
      const failure = await failureOf(asked);
      expect(failure.code).toBe('secrets_not_configured');
      expect(failure.message).toContain('SECRETS_KEYS');
      expect(failure.message).not.toContain('hush');
    }
    await replica.stop();
  });
});
