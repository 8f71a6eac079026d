import { type Campaign, campaign as campaignSchema } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCallIndex } from '../src/adapters/call-index.ts';
import { createCallStore } from '../src/adapters/call-store.ts';
import type { Schedule } from '../src/domain/ports.ts';
import type { Effect } from '../src/domain/state.ts';
import { createChangeCall } from '../src/usecases/change-call.ts';
import { createFindCall } from '../src/usecases/find-call.ts';
import { createObserveSession } from '../src/usecases/observe-session.ts';
import { createRecordDisposition } from '../src/usecases/record-disposition.ts';
import { createReviewCall } from '../src/usecases/review-call.ts';
import { answeredCall } from './call-script.ts';
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
  records: ['main'],
  dispositions: [{ id: 'sold', name: 'Sold' }],
});
const ttlMs = 60_000;
const noneKnown = { formsOf: () => new Map<string, never>(), contactOf: async () => undefined };

/** A process that dies at its n-th effect, and those that come after it. */
function dyingAt(crash: number) {
  const performed: Effect[] = [];
  let begun = 0;
  const store = createCallStore({ redis, ttlMs });
  const index = createCallIndex(redis, ttlMs);
  const schedule: Schedule = {
    acwTimeout: async () => {},
    cancelAcwTimeout: async () => {},
    afterCall: async () => {},
    recover: async () => {},
    recoverDisposition: async () => {},
  };
  const change = createChangeCall({
    store,
    perform: async (ref, effects) => {
      for (const effect of effects) {
        begun += 1;
        if (begun === crash) throw new Error('killed');
        performed.push(effect);
        if (effect.kind === 'index') await index.put({ ...ref, interactionId: effect.interactionId });
      }
    },
  });
  const options = { store, index, schedule, change, campaignOf: () => campaign, now: Date.now, ...noneKnown };
  return {
    performed,
    store,
    crashed: () => begun >= crash,
    observe: createObserveSession(options),
    review: createReviewCall({ ...options, ...noneLinked }),
    record: createRecordDisposition({ ...options, findCall: createFindCall(index, store) }),
  };
}

const noneLinked = {
  memorializationsOf: () => [],
  linksOf: async () => ({ linked: [], unlinked: [] }),
};

/** A message or a job: what fails is delivered again. */
const again = (work: () => Promise<void>): Promise<void> => work().catch(work);

async function wholeCall(crash: number) {
  const call = answeredCall();
  const ref = { tenantId: 'acme', callId: call.callId };
  const { performed, store, observe, record, review, crashed } = dyingAt(crash);
  const talking = call.session();
  await again(() => observe(talking));
  const ended = call.ended();
  await again(() => observe(ended));
  const disposition = { optionId: 'sold' };
  // The agent's desk gives up when it gets no answer. The job that was scheduled before looks at the call anyway.
  await record({ tenantId: 'acme', interactionId: call.interactionId('1001'), disposition }).catch(() => undefined);
  await again(() => review(ref));
  return { call, performed, stored: await store.read(ref), crashed: crashed() };
}

test('crash - wherever a process dies, everything happens and no work gets a second identity', async () => {
  let crash = 1;
  for (; ; crash += 1) {
    const { call, performed, stored, crashed } = await wholeCall(crash);
    const id = call.interactionId('1001');
    const about = `killed at effect ${crash}`;
    const works = performed.flatMap((effect) => (effect.kind === 'dispatch' ? [effect.job] : []));
    expect(new Set(works.map(({ workId }) => workId)), about).toEqual(
      new Set([`w.${call.callId}.crm-main.after-call.${id}`]),
    );
    expect(works[0]?.record.disposition, about).toMatchObject({ optionId: 'sold' });
    const events = performed.flatMap((effect) => (effect.kind === 'event' ? [effect.event.type] : []));
    expect(new Set(events), about).toEqual(
      new Set(['patchcord.v1.agent.acw-started', 'patchcord.v1.agent.acw-ended', 'patchcord.v1.disposition.recorded']),
    );
    expect(stored?.state.pending, about).toEqual([]);
    if (!crashed) break;
  }
  expect(crash).toBeGreaterThan(8);
});

test('crash - replicas that decide about one call at once agree on one decision', async () => {
  const call = answeredCall();
  const replicas = Array.from({ length: 6 }, () => dyingAt(Number.POSITIVE_INFINITY));
  await replicas[0]?.observe(call.session());
  const ended = call.ended();
  await Promise.all(replicas.map(({ observe }) => observe(ended)));
  const disposition = { optionId: 'sold' };
  const interactionId = call.interactionId('1001');
  const replies = await Promise.all(
    replicas.map(({ record }) => record({ tenantId: 'acme', interactionId, disposition })),
  );
  expect(replies.map(({ outcome }) => outcome).sort()).toEqual(['recorded', ...Array(5).fill('unchanged')]);
  await Promise.all(replicas.map(({ review }) => review({ tenantId: 'acme', callId: call.callId })));
  const effects = replicas.flatMap(({ performed }) => performed);
  const untils = effects.flatMap((effect) => (effect.kind === 'acw-timer' ? [effect.until] : []));
  expect(new Set(untils).size).toBe(1);
  const works = effects.flatMap((effect) => (effect.kind === 'dispatch' ? [effect.job.workId] : []));
  expect(new Set(works).size).toBe(1);
});

test('store - keeps the newest snapshot, whatever the order', async () => {
  const store = createCallStore({ redis, ttlMs });
  const call = answeredCall();
  const older = call.session();
  const newer = call.ended();
  await store.keep(newer);
  expect((await store.keep(older)).session.version).toBe(newer.version);
});

test('store - refuses to write over what somebody else wrote since, also a snapshot', async () => {
  const store = createCallStore({ redis, ttlMs });
  const call = answeredCall();
  const read = await store.keep(call.session());
  const mark = await store.replace(read.session, read.mark, { ...read.state, known: ['i-1'] });
  expect(mark).toBeDefined();
  expect(await store.replace(read.session, read.mark, read.state)).toBeUndefined();
  await store.keep(call.ended());
  expect(await store.replace(read.session, mark ?? '', read.state)).toBeUndefined();
  expect((await store.read(read.session))?.state.known).toEqual(['i-1']);
});

test('store - forgets a call some time after its last change', async () => {
  const call = answeredCall();
  await createCallStore({ redis, ttlMs: 40_000 }).keep(call.session());
  const keys = await redis.keys(`*${call.callId}*`);
  expect(keys).toHaveLength(1);
  const left = await redis.pttl(keys[0] ?? '');
  expect(left).toBeGreaterThan(30_000);
  expect(left).toBeLessThanOrEqual(40_000);
});
