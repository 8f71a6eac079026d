import { transcriptsOf } from '@patchcord/call-model';
import { campaign as campaignSchema, maxTranscriptLength } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCallStore } from '../src/adapters/call-store.ts';
import { createDigitalStore } from '../src/adapters/digital-store.ts';
import type { DigitalStore } from '../src/domain/ports.ts';
import type { Effect } from '../src/domain/state.ts';
import { createChangeCall } from '../src/usecases/change-call.ts';
import { createObserveDigital } from '../src/usecases/observe-digital.ts';
import { createObserveSession } from '../src/usecases/observe-session.ts';
import { createReviewCall } from '../src/usecases/review-call.ts';
import { digitalScript } from './digital-script.ts';
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

const campaign = campaignSchema.parse({ id: 'support', name: 'Support', records: ['main'] });
const ttlMs = 60_000;

/** A process that dies at its n-th step after something was stored, and those that come after it. */
function dyingAt(crash: number) {
  const performed: Effect[] = [];
  let begun = 0;
  const step = (): void => {
    begun += 1;
    if (begun === crash) throw new Error('killed');
  };
  const contacts = createDigitalStore({ redis, ttlMs });
  const store: DigitalStore = {
    ...contacts,
    show: async (contact, now) => {
      step();
      await contacts.show(contact, now);
      step();
    },
  };
  const calls = createCallStore({ redis, ttlMs });
  const change = createChangeCall({
    store: calls,
    perform: async (_ref, effects) => {
      for (const effect of effects) {
        step();
        performed.push(effect);
      }
      step();
    },
  });
  const links = { memorializationsOf: () => [], linksOf: async () => ({ linked: [], unlinked: [] }) };
  const options = { store: calls, change, campaignOf: () => campaign, now: Date.now, ...links };
  return {
    performed,
    calls,
    contacts,
    crashed: () => begun >= crash,
    observe: createObserveDigital({ store, observe: createObserveSession(options), now: Date.now }),
    review: createReviewCall({ ...options, ...noneLinked }),
  };
}

const noneLinked = {
  memorializationsOf: () => [],
  linksOf: async () => ({ linked: [], unlinked: [] }),
};

/** A message or a job: what fails is delivered again. */
const again = (work: () => Promise<void>): Promise<void> => work().catch(work);

async function wholeContact(crash: number) {
  const contact = digitalScript();
  const { performed, calls, observe, review, crashed } = dyingAt(crash);
  const ref = { tenantId: 'acme', callId: contact.callId };
  const events = [contact.opened(), contact.assigned('1', '1001'), contact.transferred('1', '1002')];
  for (const event of events) await again(() => observe(event));
  await again(() => review(ref));
  const later = [contact.assigned('2', '1002'), contact.dismissed('2'), contact.unassigned('2')];
  for (const event of later) await again(() => observe(event));
  await again(() => review(ref));
  return { contact, performed, stored: await calls.read(ref), crashed: crashed() };
}

test('digital crash - wherever a process dies, each segment is written under one identity', async () => {
  let crash = 1;
  for (; ; crash += 1) {
    const { contact, performed, stored, crashed } = await wholeContact(crash);
    const about = `killed at step ${crash}`;
    const works = performed.flatMap((effect) => (effect.kind === 'dispatch' ? [effect.job.workId] : []));
    expect(new Set(works), about).toEqual(
      new Set(['1', '2'].map((id) => `w.${contact.callId}.crm-main.after-call.${contact.interactionId(id)}`)),
    );
    const indexed = performed.flatMap((effect) => (effect.kind === 'index' ? [effect.interactionId] : []));
    expect(new Set(indexed), about).toEqual(new Set(['1', '2'].map(contact.interactionId)));
    expect(performed.filter(({ kind }) => kind === 'after-call').length, about).toBeGreaterThanOrEqual(2);
    expect(stored?.state.pending, about).toEqual([]);
    if (!crashed) break;
  }
  expect(crash).toBeGreaterThan(15);
});

test('digital - replicas that hear of one contact at once lose none of its events', async () => {
  const contact = digitalScript();
  const replicas = Array.from({ length: 4 }, () => dyingAt(Number.POSITIVE_INFINITY));
  contact.opened();
  for (let segment = 1; segment <= 10; segment += 1) contact.assigned(String(segment), '1001');
  const { events, contactId, callId } = contact;
  const [first] = replicas;
  await Promise.all(
    replicas.flatMap(({ observe }, own) => events.filter((_, at) => at % replicas.length === own).map(observe)),
  );
  expect((await first?.contacts.read({ tenantId: 'acme', contactId }))?.log).toHaveLength(events.length);
  expect((await first?.calls.read({ tenantId: 'acme', callId }))?.session.interactions).toHaveLength(10);
});

test('digital - a transcript that was published too long is cut where it is kept', async () => {
  const contact = digitalScript();
  const { observe, contacts } = dyingAt(Number.POSITIVE_INFINITY);
  await observe(contact.transcript('x'.repeat(3 * maxTranscriptLength)));
  const { log: kept } = await contacts.read({ tenantId: 'acme', contactId: contact.contactId });
  expect(transcriptsOf(kept).whole).toHaveLength(maxTranscriptLength);
  expect(transcriptsOf(kept).whole).toMatch(/was cut\]$/);
});

test('digital - a contact that grows without end is refused for good', async () => {
  const contact = digitalScript();
  for (let at = 0; at <= 1000; at += 1) contact.unassigned('1');
  const { observe, contacts } = dyingAt(Number.POSITIVE_INFINITY);
  const ref = { tenantId: 'acme', contactId: contact.contactId };
  await contacts.replace(ref, 0, contact.events.slice(0, 1000));
  const [last] = contact.events.slice(-1);
  if (last === undefined) throw new Error('no event');
  await expect(observe(last)).rejects.toMatchObject({ class: 'permanent', code: 'too_many_events' });
});
