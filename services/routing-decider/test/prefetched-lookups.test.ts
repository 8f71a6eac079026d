import { type LookupReply, type LookupRequest, routingRule } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import type { PrefetchNews } from '../src/domain/prefetch-news.ts';
import { createPrefetches } from '../src/domain/prefetches.ts';
import { createPrefetchedLookups, type PrefetchUse } from '../src/usecases/prefetched-lookups.ts';

const ruleWith = (more: object = {}) =>
  routingRule.parse({
    id: 'level',
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    location: { type: 'did', dids: ['+12025550100'] },
    prefetch: { enabled: true, keepMs: 60_000 },
    default: { type: 'queue', target: 'general' },
    ...more,
  });

const call = { tenantId: 'acme', ruleId: 'level', callId: 'c-1', ani: '+14155550123', dnis: '+12025550100' };
const numbers = { ani: call.ani, dnis: call.dnis };
const gold: LookupReply = { outcome: 'found', value: 'GOLD', durationMs: 1 };
const silver: LookupReply = { outcome: 'found', value: 'SILVER', durationMs: 1 };
const told = { ...call, rule: 'digest' };
const underWay: PrefetchNews = { ...told, state: 'under-way', forMs: 900 };
const answered: PrefetchNews = { ...told, state: 'answered', reply: gold };
const failed: PrefetchNews = { ...told, state: 'failed' };
const question = (input: LookupRequest['input']) =>
  ({ tenantId: 'acme', ruleId: 'level', input, budgetMs: 900 }) satisfies LookupRequest;

/** A clock, and a dispatcher whose answers a test gives by hand. */
function scene({ rule = ruleWith(), most = 100 } = {}) {
  const asked: { request: LookupRequest; timeoutMs: number; answer(reply: LookupReply): void }[] = [];
  const uses: PrefetchUse[] = [];
  const told: string[] = [];
  const clock = { at: 0 };
  const prefetches = createPrefetches({ now: () => clock.at, most });
  const lookup = createPrefetchedLookups({
    lookup: (_rule, request, timeoutMs) =>
      new Promise((resolve) => asked.push({ request, timeoutMs, answer: (reply) => resolve({ reply }) })),
    prefetches,
    onAsked: (_rule, { callId }) => told.push(callId),
    onUse: (use) => uses.push(use),
    now: () => clock.at,
  });
  const hear = (...news: PrefetchNews[]): void => {
    for (const one of news) prefetches.hear(rule, one);
  };
  return { asked, uses, told, clock, prefetches, rule, hear, ask: lookup };
}

test.each([
  { what: 'the answer', news: [underWay, answered] },
  { what: 'only the answer, the rest being lost', news: [answered] },
  { what: 'each twice', news: [underWay, answered, underWay, answered] },
  { what: 'an end from a second who tried too', news: [underWay, answered, failed] },
  { what: 'that a dialplan asked meanwhile', news: [underWay, { ...told, state: 'asked' as const }, answered] },
])('prefetch - told of $what: nobody is asked', async ({ news }) => {
  const { hear, ask, rule, asked, uses } = scene();
  hear(...news);
  expect(await ask(rule, question({ callId: 'c-1' }), 900)).toEqual({ reply: gold, prefetched: true });
  expect(await ask(rule, question({ callId: 'c-1', ...numbers }), 900)).toEqual({ reply: gold, prefetched: true });
  expect([asked, uses]).toEqual([[], ['there', 'there']]);
});

const mine = { callId: 'c-1' };
const exact = ruleWith({ send: 'exact' });
test.each([
  { what: 'with a number without its plus', input: { ...mine, ani: '14155550123' }, used: true },
  { what: 'that does not name its call, by both numbers', input: numbers, used: true },
  { what: 'of the exact form, for its call', input: { ...mine, ...numbers }, rule: exact, used: true },
  {
    what: 'of the exact form with the caller in its URL, by both numbers',
    input: numbers,
    rule: ruleWith({ send: 'exact', url: 'https://crm.example.com/{call.from.number}' }),
    used: true,
  },
  { what: 'of the exact form that does not name its call', input: numbers, rule: exact, used: false },
  { what: 'about another call', input: { ...numbers, callId: 'c-2' }, used: false },
  { what: 'with another caller', input: { ...mine, ani: '+14155550199' }, used: false },
  { what: 'with another dialled number', input: { ...mine, dnis: '+12025550199' }, used: false },
  { what: 'with digits', input: { ...mine, dtmf: '1' }, used: false },
  { what: 'that says nothing of the call', input: {}, used: false },
  { what: 'that names the caller alone', input: { ani: call.ani }, used: false },
])('prefetch - a question $what: used $used', async ({ input, rule = ruleWith(), used }) => {
  const { hear, ask, asked } = scene({ rule });
  hear(underWay, answered);
  const decision = ask(rule, question(input), 900);
  expect(asked).toHaveLength(used ? 0 : 1);
  if (used) expect(await decision).toEqual({ reply: gold, prefetched: true });
});

test('prefetch - a caller who withheld his number is not one who has one', () => {
  const { ask, asked, rule, prefetches } = scene();
  const { ani: _withheld, ...withheld } = { ...told };
  prefetches.hear(rule, { ...withheld, state: 'answered', reply: gold });
  void ask(rule, question({ callId: 'c-1', ani: '+14155550123' }), 900);
  void ask(rule, question({ dnis: call.dnis }), 900);
  expect(asked).toHaveLength(2);
});

test('prefetch - a caller with a SIP name got the answer about another one whose name has the same digits', async () => {
  const { ask, asked, rule, prefetches } = scene();
  prefetches.hear(rule, { ...told, ani: 'sip:anna7@pbx', state: 'answered', reply: gold });
  void ask(rule, question({ ani: 'sip:bert7@pbx', dnis: call.dnis }), 900);
  void ask(rule, question({ callId: 'c-1', ani: 'bert7' }), 900);
  expect(asked).toHaveLength(2);
  expect(await ask(rule, question({ ani: 'sip:Anna7@pbx', dnis: call.dnis }), 900)).toMatchObject({ reply: gold });
  expect(asked).toHaveLength(2);
});

test('prefetch - a rule that changed, and one without prefetch, use nothing', () => {
  const { hear, ask, asked, told: tellings } = scene();
  hear(answered);
  void ask(ruleWith(), question({ callId: 'c-1' }), 900);
  expect(tellings).toEqual(['c-1']);
  void ask(ruleWith({ prefetch: {} }), question({ callId: 'c-1' }), 900);
  expect(asked).toHaveLength(2);
  expect(tellings).toHaveLength(1);
});

test('prefetch - whoever comes while it is under way waits for it', async () => {
  const { hear, ask, rule, asked, uses } = scene();
  hear(underWay);
  const waiting = ask(rule, question({ callId: 'c-1' }), 5000);
  hear(answered);
  expect(await waiting).toEqual({ reply: gold, prefetched: true });
  expect([asked, uses]).toEqual([[], ['waited']]);
});

test('prefetch - one that fails leaves the question to whoever asks, then and later', async () => {
  const { hear, ask, rule, asked, uses, clock } = scene();
  hear(underWay);
  const waiting = ask(rule, question({ callId: 'c-1' }), 5000);
  clock.at = 300;
  hear(failed);
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]).toMatchObject({ request: { budgetMs: 600 }, timeoutMs: 4700 });
  asked[0]?.answer(silver);
  expect(await waiting).toEqual({ reply: silver });
  void ask(rule, question({ callId: 'c-1' }), 5000);
  expect(asked).toHaveLength(2);
  expect(uses).toEqual(['gave-up', 'none']);
});

test.each([
  { what: 'his own answer', first: silver },
  { what: 'what was fetched after all', first: gold },
])('prefetch - nothing is heard: he asks for himself after half of his time and takes $what', async ({ first }) => {
  const { hear, ask, rule, asked, uses } = scene();
  hear(underWay);
  const waiting = ask(rule, question({ callId: 'c-1' }), 60);
  await expect.poll(() => asked.length).toBe(1);
  if (first === gold) hear(answered);
  else asked[0]?.answer(silver);
  expect((await waiting).reply).toEqual(first);
  expect(uses).toEqual(['gave-up']);
});

test('prefetch - one whose time is over is not waited for, and an answer is not used for longer than the rule says', () => {
  const { hear, ask, rule, asked, clock } = scene();
  hear(underWay);
  clock.at = 1000;
  void ask(rule, question({ callId: 'c-1' }), 900);
  expect(asked).toHaveLength(1);
  hear(answered);
  clock.at = 60_999;
  void ask(rule, question({ callId: 'c-1' }), 900);
  expect(asked).toHaveLength(1);
  clock.at = 61_000;
  void ask(rule, question({ callId: 'c-1' }), 900);
  expect(asked).toHaveLength(2);
});

test('prefetch - a call is looked up beforehand once, and again when its numbers turn out to be others', () => {
  for (const news of [underWay, answered, failed]) {
    const { hear, prefetches, rule } = scene();
    expect(prefetches.knows(rule, call)).toBe(false);
    hear(news);
    expect(prefetches.knows(rule, call)).toBe(true);
    expect(prefetches.knows(rule, { ...call, ani: '+14155550199' })).toBe(false);
    expect(prefetches.knows(ruleWith(), call)).toBe(false);
  }
});

test('prefetch - where the dialplan was faster nothing is looked up any more, whatever it said of the call', () => {
  const { hear, prefetches, rule } = scene();
  const { tenantId, ruleId, callId } = call;
  hear({ tenantId, ruleId, callId, rule: 'digest', state: 'asked' });
  expect(prefetches.knows(rule, call)).toBe(true);
});

test('prefetch - the oldest of too many are forgotten', () => {
  const { hear, prefetches, rule } = scene({ rule: exact, most: 2 });
  const calls = ['c-1', 'c-2', 'c-3'].map((callId) => ({ ...answered, callId }));
  hear(...calls);
  expect(calls.map((one) => prefetches.knows(rule, one))).toEqual([false, true, true]);
});
