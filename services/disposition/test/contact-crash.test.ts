import { type Campaign, campaign as campaignSchema, type DispositionEntry } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDispositionStore } from '../src/adapters/disposition-store.ts';
import type { DispositionRef, DispositionStore } from '../src/domain/ports.ts';
import { type ContactDispositions, createContactDispositions } from '../src/usecases/contact-dispositions.ts';
import { log } from './fixture.ts';

let server: ServerProcess;
let redis: Awaited<ReturnType<typeof connectRedis>>;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url, name: 'test', log });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const campaign: Campaign = campaignSchema.parse({
  id: 'support',
  name: 'Support',
  dispositions: [
    { id: 'sold', name: 'Sold' },
    { id: 'callback', name: 'Call back' },
  ],
});
const tenantId = 'acme';
const ttlMs = 60_000;

/** A process that dies at its n-th step, before it (what it asks for never happens) or after it (nobody learns of it). */
function dyingAt(crash: number, when: 'before' | 'after') {
  const published: string[] = [];
  const recovered: DispositionRef[] = [];
  let steps = 0;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    steps += 1;
    const dies = steps === crash;
    if (dies && when === 'before') throw new Error('killed');
    const done = await act();
    if (dies) throw new Error('killed');
    return done;
  };
  const real = createDispositionStore({ redis, ttlMs });
  const store: DispositionStore = { ...real, replace: (...args) => step(() => real.replace(...args)) };
  const contacts = createContactDispositions({
    store,
    schedule: { recoverDisposition: (ref) => step(async () => void recovered.push(ref)) },
    publish: (_ref, events) =>
      step(async () => {
        for (const { event } of events) published.push(event.id);
      }),
    campaign: () => campaign,
    formsOf: () => new Map(),
    sessionOf: async () => undefined,
    now: Date.now,
  });
  return { published, recovered, store: real, contacts, crashed: () => steps >= crash };
}

const attempt = (work: () => Promise<DispositionEntry>): Promise<DispositionEntry | undefined> =>
  work().catch(() => undefined);

async function recoverAll(contacts: ContactDispositions, refs: readonly DispositionRef[]): Promise<void> {
  for (const ref of refs) await contacts.finish(ref);
}

test.each(['before', 'after'] as const)(
  'crash - %s any step: what is stored is told, and nothing else',
  async (when) => {
    let crash = 1;
    for (; ; crash += 1) {
      const { published, recovered, store, contacts, crashed } = dyingAt(crash, when);
      const contactId = `${when}-${crash}`;
      const request = { tenantId, campaignId: 'support', contactId, disposition: { optionId: 'sold' } };
      await attempt(() => contacts.create(request));
      await recoverAll(contacts, recovered);
      const [entry] = await store.find({ tenantId, contactId, limit: 1 });
      const dispositionId = entry?.dispositionId ?? 'd-none';
      await attempt(() => contacts.change({ tenantId, dispositionId, disposition: { optionId: 'callback' } }));
      await recoverAll(contacts, recovered);
      const stored = await store.read({ tenantId, dispositionId });
      const about = `killed ${when} step ${crash}`;
      const numbers = Array.from({ length: stored?.entry.changes ?? 0 }, (_, at) => at + 1);
      expect(stored?.pending ?? [], about).toEqual([]);
      expect(new Set(published), about).toEqual(
        new Set(numbers.map((n) => `disposition:${dispositionId}:disposition-${n}`)),
      );
      if (!crashed()) break;
    }
    expect(crash).toBeGreaterThan(8);
  },
);

test('crash - between write and event, whoever asks next tells it: the same request, or a change', async () => {
  for (const next of ['create', 'change'] as const) {
    const { published, store, contacts } = dyingAt(3, 'before');
    const request = { tenantId, campaignId: 'support', contactId: `next-${next}`, disposition: { optionId: 'sold' } };
    await expect(contacts.create(request)).rejects.toThrow('killed');
    const [entry] = await store.find({ tenantId, contactId: request.contactId, limit: 1 });
    const dispositionId = entry?.dispositionId ?? '';
    expect(published).toEqual([]);
    if (next === 'create') await expect(contacts.create(request)).rejects.toMatchObject({ code: 'already_disposed' });
    else await contacts.change({ tenantId, dispositionId, disposition: { optionId: 'callback' } });
    const expected = [1, 2].map((n) => `disposition:${dispositionId}:disposition-${n}`);
    expect(published).toEqual(next === 'create' ? expected.slice(0, 1) : expected);
    expect((await store.read({ tenantId, dispositionId }))?.pending).toEqual([]);
  }
});

test('store - an earlier change of an interaction never takes the place of a later one in the list', async () => {
  const store = createDispositionStore({ redis, ttlMs });
  const at = new Date().toISOString();
  const entry = (changes: number, optionId: string): DispositionEntry => ({
    dispositionId: 'i-late',
    interactionId: 'i-late',
    callId: 'c-late',
    disposition: { optionId, name: optionId },
    createdAt: at,
    updatedAt: at,
    changes,
  });
  await store.list(tenantId, entry(2, 'callback'));
  await store.list(tenantId, entry(1, 'sold'));
  expect(await store.find({ tenantId, dispositionId: 'i-late', limit: 1 })).toEqual([entry(2, 'callback')]);
});

test('store - forgets a disposition some time after its last change, and with it its place in the lists', async () => {
  const store = createDispositionStore({ redis, ttlMs: 40_000 });
  const long = new Date(Date.now() - 50_000).toISOString();
  const old = { dispositionId: 'i-old', agentId: 'a9', disposition: { optionId: 'x', name: 'X' }, changes: 1 };
  await store.list(tenantId, { ...old, createdAt: long, updatedAt: long });
  const now = new Date().toISOString();
  await store.list(tenantId, { ...old, dispositionId: 'i-new', createdAt: now, updatedAt: now });
  expect((await store.find({ tenantId, agentId: 'a9', limit: 5 })).map(({ dispositionId }) => dispositionId)).toEqual([
    'i-new',
  ]);
  for (const key of await redis.keys('*i-new*')) expect(await redis.pttl(key)).toBeLessThanOrEqual(40_000);
  for (const key of await redis.keys('*dispositions:agent:a9')) expect(await redis.pttl(key)).toBeGreaterThan(30_000);
});
