import { callRpc, serveRpc } from '@patchcord/bus';
import {
  type Card,
  type CardNews,
  type CardResultRequest,
  type CrmHit,
  type CrmSearchReply,
  type CrmSearchRequest,
  cardNews,
  rpc,
  subjects,
} from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createCardStore } from '../src/adapters/card-store.ts';
import { emptyCard, recordKey } from '../src/domain/card.ts';
import { withResult } from '../src/domain/card-result.ts';
import { createCardResults } from '../src/usecases/card-result.ts';
import { createCardChange } from '../src/usecases/change-card-state.ts';
import { answeredCall, callScript } from './call-script.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
const hit = (id: string, more: Partial<CrmHit> = {}): CrmHit => ({
  connection: 'main',
  module: 'Contact',
  id,
  name: `Contact ${id}`,
  fields: {},
  match: 'e164',
  field: 'Phone',
  ...more,
});
const ref = (id: string) => ({ connection: 'main', module: 'Contact', id });
const done = (...hits: CrmHit[]): CrmSearchReply => ({ outcome: 'done', hits, durationMs: 1 });

/** Stands where crm-dispatcher stands. */
let answer: (request: CrmSearchRequest) => Promise<CrmSearchReply> = async () => done();
const asked: CrmSearchRequest[] = [];

const timeoutMs = 5000;
const startedAt = new Date().toISOString();
const read = async (cardId: string): Promise<Card> =>
  (await callRpc(fixture.bus, rpc.readCard, { tenantId, cardId }, { timeoutMs })).card;
const change = (cardId: string, what: 'pin' | 'unpin' | 'link' | 'unlink', id: string, more: object = {}) =>
  callRpc(
    fixture.bus,
    rpc.changeCard,
    { tenantId, cardId, by: 'agent:1001', change: { what, record: ref(id) }, ...more },
    { timeoutMs },
  );
const merge = (into: string, from: string) =>
  callRpc(
    fixture.bus,
    rpc.changeCard,
    { tenantId, cardId: into, by: 'agent:1001', change: { what: 'merge', from } },
    { timeoutMs },
  );
const tell = (callId: string, runId: string, ...records: CrmHit[]) => {
  const run = { runId, name: 'Search', at: startedAt, by: 'flow' } as const;
  const reply: CardResultRequest['reply'] = { outcome: 'found', records, durationMs: 1 };
  return callRpc(fixture.bus, rpc.cardResult, { tenantId, callId, run, reply }, { timeoutMs });
};
const linkedOf = async (callId: string): Promise<string[]> =>
  (await callRpc(fixture.bus, rpc.linkedRecords, { tenantId, callId }, { timeoutMs })).linked.map(({ id }) => id);
/** The caller was looked up: nothing but what the test does changes the card from here on. */
const settled = ({ activities }: Card): boolean => activities[0]?.outcome === 'found';
const cardWhere = (cardId: string, right: (card: Card) => boolean): Promise<Card> =>
  eventually(
    async () => {
      const card = await read(cardId).catch(() => undefined);
      return card !== undefined && right(card) && card;
    },
    { what: `card ${cardId}` },
  );

function newsOf(agentId: string): CardNews[] {
  const news: CardNews[] = [];
  const subscription = fixture.bus.nc.subscribe(subjects.ui(tenantId, agentId, 'card'), {
    callback: (_error, message) => void news.push(cardNews.parse(message.json())),
  });
  onTestFinished(() => subscription.unsubscribe());
  return news;
}

beforeAll(async () => {
  fixture = await startFixture();
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
  const served = serveRpc(fixture.bus, rpc.crmSearch, async (request) => {
    asked.push(request);
    return answer(request);
  });
  await fixture.bus.nc.flush();
  return () => served.stop();
}, 60_000);
afterAll(() => fixture?.stop());

describe('the card of a call', () => {
  it('is made when a phone rings, finds the caller, and goes from whoever did not answer', async () => {
    answer = async () => done(hit('ada', { name: 'Ada <b>Lovelace</b>' }));
    const call = callScript({ queue: 'support' });
    const news = newsOf('2001');
    await fixture.bus.nc.flush();
    call.offered();
    call.queued('support');
    call.ringing('2001');
    await fixture.publish(call.ringing('2002'));
    const card = await cardWhere(call.callId, ({ current }) => current.length > 0);
    expect(card).toMatchObject({ agents: ['2001', '2002'], state: 'open', campaignId: 'support', channel: 'voice' });
    expect(card.current).toMatchObject([{ id: 'ada', name: 'Ada <b>Lovelace</b>', pinned: true, linked: true }]);
    expect(card.activities).toMatchObject([{ outcome: 'found', text: '1 record', by: 'card' }]);
    await eventually(() => news.some(({ cardId, version }) => cardId === call.callId && version >= card.version));
    call.answered('2002');
    const who = { agent: { agentId: '2001' }, legId: `l-${call.callId}-2001`, reason: 'answered-elsewhere' } as const;
    await fixture.publish(call.tell({ type: 'patchcord.v1.call.agent-missed', data: who }));
    const later = await cardWhere(call.callId, ({ agents }) => agents.length === 1);
    expect(later.agents).toEqual(['2002']);
    await eventually(() => news.at(-1)?.version === later.version);
    const mine = { tenantId, agentId: '2001', limit: 20 };
    expect((await callRpc(fixture.bus, rpc.listCards, mine, { timeoutMs })).cards).toEqual([]);
    const his = { tenantId, cardId: call.callId, onlyOf: '2001' };
    await expect(callRpc(fixture.bus, rpc.readCard, his, { timeoutMs })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of another tenant is none', async () => {
    const call = answeredCall();
    await fixture.publish(call.session());
    await cardWhere(call.callId, () => true);
    const request = { tenantId: 'other', cardId: call.callId };
    await expect(callRpc(fixture.bus, rpc.readCard, request, { timeoutMs })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('searches once, however often and by whomever the call is told', async () => {
    answer = async () => done();
    const call = answeredCall();
    asked.length = 0;
    await Promise.all([1, 2, 3, 4].map(() => fixture.publish(call.session())));
    await cardWhere(call.callId, settled);
    await fixture.publish(call.released('1001'));
    await cardWhere(call.callId, ({ version }) => version > 0);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ connectionId: 'main', phone: '+14155550123' });
  });

  it('asks again for the fields that the data mapping shows, and for who else is of the account', async () => {
    const modules = [
      { module: 'Contact', title: '{Name}', fields: [{ field: 'Mail', label: 'Mail' }], account: 'Acc' },
    ];
    await fixture.config.put(tenantId, 'data-mapping', { id: 'map', name: 'Map', connection: 'main', modules });
    onTestFinished(() => fixture.config.remove(tenantId, 'data-mapping', 'map'));
    answer = async ({ modules: within, filter }) => {
      if (filter !== undefined) return done(hit('sibling', { fields: { Name: 'Bob', Acc: 'a1' } }));
      return done(
        within === undefined ? hit('p') : hit('p', { fields: { Name: 'Pia', Mail: 'p@example.com', Acc: 'a1' } }),
      );
    };
    const call = await eventually(async () => {
      const fresh = answeredCall();
      await fixture.publish(fresh.session());
      const { current } = await cardWhere(fresh.callId, ({ current }) => current.length > 0);
      return current[0]?.shown.length === 1 && fresh;
    });
    const { current, related } = await cardWhere(call.callId, (card) => card.related.length > 0);
    expect(current).toMatchObject([{ title: 'Pia', shown: [{ label: 'Mail', value: 'p@example.com' }] }]);
    expect(related).toMatchObject([{ title: 'Bob', source: 'same-account', linked: false }]);
  });

  it('takes a result that comes before anybody rings, and one that comes after the end', async () => {
    answer = async () => done();
    const call = callScript({ queue: 'support' });
    call.offered();
    expect(await tell(call.callId, 'flow-1', hit('early'))).toMatchObject({ outcome: 'stored', cardId: call.callId });
    expect(await tell(call.callId, 'flow-1', hit('early'))).toMatchObject({ outcome: 'known' });
    call.ringing('1001');
    call.answered('1001');
    call.released('1001');
    await fixture.publish(call.ended());
    await cardWhere(call.callId, ({ state, agents }) => state === 'over' && agents.includes('1001'));
    await tell(call.callId, 'flow-2', hit('late'));
    const card = await read(call.callId);
    expect(card.current.map(({ id }) => id).sort()).toEqual(['early', 'late']);
    expect(await linkedOf(call.callId)).toEqual(['early', 'late']);
  });

  it('says who called before, and what was said of it', async () => {
    answer = async () => done();
    const first = answeredCall();
    await fixture.publish(first.session());
    const disposition = { optionId: 'sold' };
    const said = { tenantId, interactionId: first.interactionId('1001'), disposition };
    // Not found until the call has been heard of.
    await eventually(() => callRpc(fixture.bus, rpc.recordDisposition, said, { timeoutMs }), {
      what: 'the disposition',
    });
    first.released('1001');
    await fixture.publish(first.ended());
    await cardWhere(first.callId, ({ state }) => state === 'over');
    const second = answeredCall();
    await fixture.publish(second.session());
    const { past } = await cardWhere(second.callId, (card) => card.past.some(({ callId }) => callId === first.callId));
    expect(past.find(({ callId }) => callId === first.callId)).toMatchObject({
      agentId: '1001',
      channel: 'voice',
      disposition: { optionId: 'sold', name: 'Sold' },
    });
  });
});

describe('changes of a card', () => {
  it('by two replicas at once are all there', async () => {
    answer = async () => done();
    const call = answeredCall();
    await fixture.publish(call.session());
    await cardWhere(call.callId, settled);
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}`);
    await Promise.all(ids.map((id) => tell(call.callId, `run-${id}`, hit(id, { match: 'suffix' }))));
    await Promise.all(ids.map((id) => change(call.callId, 'pin', id)));
    const card = await read(call.callId);
    expect(card.current).toHaveLength(20);
    expect(card.activities).toHaveLength(21);
    expect((await linkedOf(call.callId)).length).toBe(20);
    expect(card.changes).toHaveLength(20);
    expect(card.changes[0]).toMatchObject({ what: 'pin', by: 'agent:1001' });
  });

  it('of an older version are refused; the same again changes nothing', async () => {
    answer = async () => done();
    const call = answeredCall();
    await fixture.publish(call.session());
    await cardWhere(call.callId, settled);
    await tell(call.callId, 'x', hit('a', { match: 'suffix' }));
    const { version } = await read(call.callId);
    const pinned = await change(call.callId, 'pin', 'a', { ifVersion: version });
    expect(pinned.outcome).toBe('changed');
    await expect(change(call.callId, 'unlink', 'a', { ifVersion: version })).rejects.toMatchObject({
      code: 'revision_conflict',
    });
    expect(await change(call.callId, 'pin', 'a')).toMatchObject({ outcome: 'unchanged' });
    await expect(change(call.callId, 'pin', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    expect((await change(call.callId, 'unlink', 'a')).card.current).toMatchObject([{ pinned: true, linked: false }]);
    expect(await linkedOf(call.callId)).toEqual([]);
  });

  it('merges two whose customer is the same, once, also when both agents do it at the same time', async () => {
    answer = async () => done();
    const [one, other] = [answeredCall('support', '3001'), answeredCall('support', '3002')];
    await Promise.all([one, other].map((call) => fixture.publish(call.session())));
    for (const call of [one, other]) await cardWhere(call.callId, settled);
    await tell(one.callId, 'a', hit('shared'));
    await tell(other.callId, 'b', hit('shared'), hit('x', { match: 'suffix' }));
    const alike = { tenantId, cardId: one.callId };
    const { duplicates } = await callRpc(fixture.bus, rpc.cardDuplicates, alike, { timeoutMs });
    expect(duplicates.find(({ cardId }) => cardId === other.callId)).toMatchObject({
      reason: 'customer',
      titles: ['Contact shared'],
    });
    const both = await Promise.all([merge(one.callId, other.callId), merge(other.callId, one.callId)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'unchanged']);
    const [first, second] = [await read(one.callId), await read(other.callId)];
    expect(first).toEqual(second);
    expect([first.agents, first.current.map(({ id }) => id), first.related.map(({ id }) => id)]).toEqual([
      ['3001', '3002'],
      ['shared'],
      ['x'],
    ]);
    // What comes for the one that is gone comes here, and memorialization writes once.
    await tell(second.merged[0] ?? '', 'late', hit('late', { match: 'suffix' }));
    expect((await read(one.callId)).related.map(({ id }) => id)).toEqual(['late', 'x']);
    expect([await linkedOf(one.callId), await linkedOf(other.callId)]).toEqual([['shared'], ['shared']]);
    await expect(merge(one.callId, one.callId)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('an agent starts further searches; the same request once', async () => {
    answer = async ({ phone }) => (phone === '+14155550199' ? done(hit('found', { match: 'e164' })) : done());
    const call = answeredCall('support', '4001');
    await fixture.publish(call.session());
    await cardWhere(call.callId, settled);
    asked.length = 0;
    const request = {
      tenantId,
      cardId: call.callId,
      onlyOf: '4001',
      by: { kind: 'agent', id: 'agent:4001' },
      requestId: 'press-1',
      action: { kind: 'search', phoneNumber: '+14155550199' },
    } as const;
    const [a, b] = await Promise.all([1, 2].map(() => callRpc(fixture.bus, rpc.actOnCard, request, { timeoutMs })));
    expect(a).toEqual(b);
    const card = await cardWhere(call.callId, ({ related }) => related.length > 0);
    expect(card.related).toMatchObject([{ id: 'found', pinned: false, linked: false }]);
    expect(asked).toHaveLength(1);
    const timeline = { ...request, requestId: 'press-2', action: { kind: 'timeline', text: 'hello' } } as const;
    await expect(callRpc(fixture.bus, rpc.actOnCard, timeline, { timeoutMs })).rejects.toMatchObject({
      code: 'no_workflow',
    });
    const stranger = { ...request, onlyOf: '4002' };
    await expect(callRpc(fixture.bus, rpc.actOnCard, stranger, { timeoutMs })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a process that is killed', () => {
  it('between a result and its news leaves the news to the next one', async () => {
    const call = answeredCall('support', '5001');
    await fixture.publish(call.session());
    await cardWhere(call.callId, settled);
    const news = newsOf('5001');
    await fixture.bus.nc.flush();
    const store = createCardStore({ redis: fixture.redis, ttlMs: 60_000 });
    const before = await eventually(async () => {
      const known = await store.read({ tenantId, cardId: call.callId });
      return known !== undefined && known.state.pending.length === 0 && known;
    });
    // What such a process did: the write, and nothing after it.
    const config = { 'crm-workflow': new Map(), 'data-mapping': new Map() } as never;
    const result: Parameters<typeof withResult>[1] = {
      run: { runId: 'killed', name: 'Search', at: new Date().toISOString(), by: 'flow' },
      reply: { outcome: 'found', records: [hit('k')], durationMs: 1 },
    };
    const state = withResult(before.state, result, { config, pinSingleMatch: true, now: Date.now() });
    expect(await store.write([{ state, mark: before.mark }])).toBe(true);
    expect(news.filter(({ version }) => version >= state.version)).toEqual([]);
    // Told again by whoever got no answer.
    await tell(call.callId, 'killed', hit('k'));
    await eventually(() => news.some(({ version }) => version >= state.version));
  });

  it('that had not written yet does it again when it is looked at later', async () => {
    const store = createCardStore({ redis: fixture.redis, ttlMs: 60_000 });
    const told: string[] = [];
    const crash = new Error('killed');
    const cards = createCardChange({
      store,
      schedule: { run: async () => {} },
      tell: (_tenant, agentId) => {
        told.push(agentId);
        if (told.length === 1) throw crash;
      },
    });
    const ref = { tenantId, cardId: `c-crash-${process.pid}` };
    const sessions = { [ref.cardId]: { version: 1, agents: ['6001'], over: false } };
    await store.write([{ state: { ...emptyCard(ref, 0), sessions }, mark: undefined }]);
    const config = { 'crm-workflow': new Map(), 'data-mapping': new Map() } as never;
    const results = createCardResults({
      cards,
      schedule: { recover: async () => {} },
      configOf: () => config,
      pinSingleMatch: () => true,
      now: Date.now,
    });
    const run = { runId: 'r', name: 'Search', at: new Date().toISOString(), by: 'flow' } as const;
    const reply: CardResultRequest['reply'] = { outcome: 'found', records: [hit('z')], durationMs: 1 };
    await expect(results.keep(ref, { run, reply })).rejects.toBe(crash);
    expect(await results.keep(ref, { run, reply })).toMatchObject({ outcome: 'known' });
    expect(told).toEqual(['6001', '6001']);
    const kept = await store.read(ref);
    expect([kept?.state.pending, Object.keys(kept?.state.records ?? {})]).toEqual([[], [recordKey(hit('z'))]]);
  });
});
