import { Kvm } from '@nats-io/kv';
import { buckets, emptyTenantConfig } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BadValue, type Bus, ConfigRejected, type ConfigStore, openConfig } from '../src/index.ts';
import { failureOf, freshBus } from './support.ts';

let server: ServerProcess;
let bus: Bus;
let store: ConfigStore;
const bad: BadValue[] = [];
beforeAll(async () => {
  server = await startNats();
  bus = await freshBus(server);
  store = await openConfig(bus, { onBadValue: (value) => bad.push(value) });
});
afterAll(async () => {
  await store.close();
  await bus.close();
  await server.stop();
});

const site = (over: object = {}) => ({ id: 'crm', name: 'CRM', url: 'https://crm.example/hook', ...over });

describe('config store', () => {
  it('put - is in force at once, with defaults filled in', async () => {
    const { revision } = await store.put('t1', 'external-site', site(), { actor: 'alice' });
    expect(store.tenant('t1')['external-site'].get('crm')).toMatchObject({ method: 'GET', timeoutMs: 10_000 });
    expect(await store.get('t1', 'external-site', 'crm')).toMatchObject({ revision, actor: 'alice', id: 'crm' });
    expect(await store.get('t1', 'external-site', 'none')).toBeUndefined();
  });

  it('unknown tenant - is empty', () => {
    expect(store.tenant('nobody')).toEqual(emptyTenantConfig());
  });

  it('refuses an invalid entity with its path; the old value stays in force', async () => {
    await store.put('t2', 'external-site', site());
    const failure = await failureOf(store.put('t2', 'external-site', site({ url: 'ftp://x', timeoutMs: 5 })));
    expect(failure).toBeInstanceOf(ConfigRejected);
    expect(failure).toMatchObject({
      code: 'config_invalid',
      class: 'permanent',
      issues: [
        { path: 'url', message: expect.stringContaining('http') },
        { path: 'timeoutMs', message: expect.stringContaining('100') },
      ],
    });
    expect(store.tenant('t2')['external-site'].get('crm')?.url).toBe('https://crm.example/hook');
    expect(await store.history('t2', 'external-site', 'crm')).toHaveLength(1);
  });

  it('refuses an unknown kind and says which there are', async () => {
    const failure = await failureOf(store.put('t2', 'exernal-site', site()));
    expect(failure.message).toMatch(/kind: expected one of tenant, api-token, .*user, /);
  });

  it('refuses a reference to what does not exist', async () => {
    const failure = await failureOf(store.put('t3', 'campaign', { id: 'c', name: 'C', sites: ['crm'] }));
    expect(failure).toMatchObject({ issues: [{ path: 'campaign/c.sites[0]' }] });
    expect(store.tenant('t3').campaign.size).toBe(0);
  });

  it('refuses to remove what is referred to, and removes it afterwards', async () => {
    await store.put('t4', 'external-site', site());
    await store.put('t4', 'campaign', { id: 'c', name: 'C', sites: ['crm'] });
    await expect(store.remove('t4', 'external-site', 'crm')).rejects.toThrow(ConfigRejected);
    await store.remove('t4', 'campaign', 'c');
    await store.remove('t4', 'external-site', 'crm');
    expect(store.tenant('t4')['external-site'].size).toBe(0);
    expect(await store.get('t4', 'external-site', 'crm')).toBeUndefined();
    await store.put('t4', 'external-site', site(), { ifAbsent: true });
    expect(store.tenant('t4')['external-site'].size).toBe(1);
  });

  it('concurrent edits - the second of the same revision is refused', async () => {
    const { revision } = await store.put('t5', 'external-site', site(), { ifAbsent: true });
    await store.put('t5', 'external-site', site({ name: 'A' }), { ifRevision: revision });
    const late = await failureOf(store.put('t5', 'external-site', site({ name: 'B' }), { ifRevision: revision }));
    expect(late).toMatchObject({ class: 'permanent', code: 'revision_conflict' });
    const again = await failureOf(store.put('t5', 'external-site', site(), { ifAbsent: true }));
    expect(again).toMatchObject({ code: 'revision_conflict' });
    const removal = await failureOf(store.remove('t5', 'external-site', 'crm', { ifRevision: revision }));
    expect(removal).toMatchObject({ code: 'revision_conflict' });
    expect(store.tenant('t5')['external-site'].get('crm')?.name).toBe('A');
  });

  it('history - holds each version, oldest first, with the removal', async () => {
    await store.put('t6', 'external-site', site({ name: 'one' }), { actor: 'alice' });
    await store.put('t6', 'external-site', site({ name: 'two' }), { actor: 'bob' });
    await store.remove('t6', 'external-site', 'crm');
    const versions = await store.history('t6', 'external-site', 'crm');
    expect(versions.map(({ actor }) => actor)).toEqual(['alice', 'bob', undefined]);
    expect(versions.at(-1)?.entity).toBeUndefined();
    expect(await store.history('t6', 'external-site', 'never')).toEqual([]);
  });

  it('snapshot - is the same object until something changes; other tenants and kinds are kept', async () => {
    await store.put('t7', 'external-site', site());
    const before = store.snapshot();
    const sites = store.tenant('t7')['external-site'];
    expect(store.snapshot()).toBe(before);
    await store.put('t8', 'external-site', site());
    expect(store.snapshot()).not.toBe(before);
    expect(store.snapshot().get('t7')).toBe(before.get('t7'));
    await store.put('t7', 'campaign', { id: 'c', name: 'C' });
    expect(store.tenant('t7')['external-site']).toBe(sites);
    expect(before.get('t8')).toBeUndefined();
  });

  it('change - is in force in another service within a second', async () => {
    const otherBus = await freshBus(server, 'other');
    const other = await openConfig(otherBus);
    expect(other.tenant('t1')['external-site'].has('crm')).toBe(true);
    const told: number[] = [];
    const stopListening = other.onChange((snapshot) => told.push(snapshot.get('t9')?.['external-site'].size ?? 0));
    await store.put('t9', 'external-site', site());
    await eventually(() => told.includes(1), { deadlineMs: 1000 });
    stopListening();
    await store.put('t9', 'external-site', site({ id: 'second' }));
    await eventually(() => other.tenant('t9')['external-site'].size === 2, { deadlineMs: 1000 });
    expect(told).toEqual([1]);
    await other.close();
    await otherBus.close();
  });

  it('bad stored value - is reported and ignored; what was there before stays in force', async () => {
    await store.put('t10', 'external-site', site());
    const kv = await new Kvm(bus.js).open(buckets.config);
    await kv.put('t10.external-site.crm', JSON.stringify({ entity: { id: 'crm', url: 1 }, at: 'x' }));
    await kv.put('t10.external-site.other', 'no json');
    await eventually(() => bad.some(({ key }) => key === 't10.external-site.other'));
    expect(bad.find(({ key }) => key === 't10.external-site.crm')?.issues.map(({ path }) => path)).toContain('name');
    expect(store.tenant('t10')['external-site'].get('crm')?.name).toBe('CRM');
    expect(store.tenant('t10')['external-site'].size).toBe(1);
  });
});

describe('config store - applyAll', () => {
  const campaign = { kind: 'campaign', entity: { id: 'c', name: 'C', sites: ['crm'] } };

  it('stores what refers to each other in any order, and only what differs', async () => {
    const all = [campaign, { kind: 'external-site', entity: site() }];
    expect(await store.applyAll('a1', all)).toEqual({ stored: 2, unchanged: 0, removed: 0 });
    const before = store.snapshot();
    expect(await store.applyAll('a1', all)).toEqual({ stored: 0, unchanged: 2, removed: 0 });
    expect(store.snapshot()).toBe(before);
  });

  it('refuses all when one is wrong, and names it', async () => {
    const rule = { id: 'r', name: 'R', fieldName: 'f', default: { type: 'hangup' } };
    const all = [{ kind: 'external-site', entity: site() }, campaign, { kind: 'routing-rule', entity: rule }];
    const failure = await failureOf(store.applyAll('a2', all));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect((failure as ConfigRejected).issues.map(({ path }) => path)).toContain('entities[2].url');
    expect(store.tenant('a2')['external-site'].size).toBe(0);
  });

  it('prune - removes the others of the kinds that are given', async () => {
    await store.applyAll('a3', [campaign, { kind: 'external-site', entity: site() }]);
    const only = [{ kind: 'external-site', entity: site({ id: 'new' }) }];
    await expect(store.applyAll('a3', only, { prune: true })).rejects.toThrow(ConfigRejected);
    const both = [...only, { kind: 'campaign', entity: { id: 'c', name: 'C', sites: ['new'] } }];
    expect(await store.applyAll('a3', both, { prune: true })).toEqual({ stored: 2, unchanged: 0, removed: 1 });
    expect([...store.tenant('a3')['external-site'].keys()]).toEqual(['new']);
  });
});

describe('config store - NATS restarts', () => {
  it('a change made while a service was cut off is picked up, and later ones too', async () => {
    await store.put('r1', 'external-site', site());
    const otherBus = await freshBus(server, 'other');
    const other = await openConfig(otherBus);
    await server.kill();
    await server.restart();
    await store.put('r1', 'external-site', site({ name: 'after the restart' }));
    await eventually(() => other.tenant('r1')['external-site'].get('crm')?.name === 'after the restart');
    await other.put('r1', 'external-site', site({ id: 'second' }));
    await eventually(() => store.tenant('r1')['external-site'].size === 2, { deadlineMs: 1000 });
    await other.close();
    await otherBus.close();
  });
});
