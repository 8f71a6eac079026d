import { type LookupReply, type LookupRequest, routingRule } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { createRecentAnswers } from '../src/domain/recent-answers.ts';
import { createSharedLookups } from '../src/usecases/shared-lookups.ts';

const ruleWith = (more: object = {}) =>
  routingRule.parse({
    id: 'level',
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    default: { type: 'queue', target: 'general' },
    ...more,
  });
const question = (input: LookupRequest['input'] = {}, tenantId = 'acme') =>
  ({ tenantId, ruleId: 'level', input, budgetMs: 900 }) satisfies LookupRequest;

/** A dispatcher whose answers a test gives by hand, and a clock. */
function scene() {
  const asked: { request: LookupRequest; answer(reply: LookupReply): void; fail(error: Error): void }[] = [];
  const clock = { at: 0 };
  const shared = createSharedLookups({
    lookup: (request) => new Promise((resolve, reject) => void asked.push({ request, answer: resolve, fail: reject })),
    now: () => clock.at,
    most: 2,
  });
  return { asked, clock, shared };
}
const gold: LookupReply = { outcome: 'found', value: 'GOLD', durationMs: 1 };

test('shared lookups - callers who ask the same at the same time are one question', async () => {
  const { asked, shared } = scene();
  const rule = ruleWith({ send: 'exact' });
  const both = [
    { ani: '1', dtmf: '42' },
    { ani: '2', dtmf: '42' },
  ].map((input) => shared(rule, question(input), 900));
  expect(asked).toHaveLength(1);
  asked[0]?.answer(gold);
  expect(await Promise.all(both)).toEqual([{ reply: gold }, { reply: gold }]);
  void shared(rule, question({ dtmf: '42' }), 900);
  expect(asked).toHaveLength(2);
});

test.each([
  { what: 'other digits', send: 'exact', first: { dtmf: '1' }, second: { dtmf: '2' } },
  { what: 'another caller, who is sent', send: 'full', first: { ani: '1' }, second: { ani: '2' } },
  { what: 'another call, which is sent', send: 'full', first: { callId: 'c-1' }, second: { callId: 'c-2' } },
  { what: 'another tenant', send: 'exact', first: {}, second: {}, tenant: 'other' },
])('shared lookups - $what: a question of its own', ({ send, first, second, tenant }) => {
  const { asked, shared } = scene();
  const rule = ruleWith({ send, cacheSeconds: 60 });
  void shared(rule, question(first), 900);
  void shared(rule, question(second, tenant), 900);
  expect(asked).toHaveLength(2);
});

test.each([
  { url: 'https://crm.example.com/{call.from}', first: { ani: '1' }, second: { ani: '2' }, asks: 2 },
  { headers: { 'X-Did': '{call.did}' }, first: { dnis: '1' }, second: { dnis: '2' }, asks: 2 },
  { url: 'https://crm.example.com/{call.id}', first: { callId: 'c-1' }, second: { callId: 'c-2' }, asks: 2 },
  { url: 'https://crm.example.com/{call.from}', first: { dnis: '1' }, second: { dnis: '2' }, asks: 1 },
])('shared lookups - who is told in $url $headers only is told apart: $asks', ({ first, second, asks, ...texts }) => {
  const { asked, shared } = scene();
  const rule = ruleWith({ send: 'exact', cacheSeconds: 60, ...texts });
  void shared(rule, question(first), 900);
  void shared(rule, question(second), 900);
  expect(asked).toHaveLength(asks);
});

test('shared lookups - a question that will give up long before does not cost a caller his own', async () => {
  const { asked, clock, shared } = scene();
  const rule = ruleWith();
  const hasty = shared(rule, question(), 100);
  const patient = shared(rule, question(), 900);
  const third = shared(rule, question(), 900);
  expect(asked).toHaveLength(2);
  clock.at = 90;
  asked[0]?.fail(new Error('too late'));
  asked[1]?.answer(gold);
  await expect(hasty).rejects.toThrow('too late');
  expect(await Promise.all([patient, third])).toEqual([{ reply: gold }, { reply: gold }]);
});

test('shared lookups - an answer is used again for as long as the rule says, and no longer', async () => {
  const { asked, clock, shared } = scene();
  const rule = ruleWith({ cacheSeconds: 10 });
  const first = shared(rule, question({ ani: '1' }), 900);
  asked[0]?.answer(gold);
  await first;
  clock.at = 9_999;
  expect(await shared(rule, question({ ani: '1' }), 900)).toEqual({ reply: gold, cached: true });
  clock.at = 10_000;
  void shared(rule, question({ ani: '1' }), 900);
  expect(asked).toHaveLength(2);
});

test('shared lookups - a rule that says nothing keeps nothing', async () => {
  const { asked, shared } = scene();
  const rule = ruleWith();
  const first = shared(rule, question(), 900);
  asked[0]?.answer(gold);
  await first;
  void shared(rule, question(), 900);
  expect(asked).toHaveLength(2);
});

test('shared lookups - no failure is ever kept', async () => {
  const { asked, shared } = scene();
  const rule = ruleWith({ cacheSeconds: 60 });
  const first = shared(rule, question(), 900);
  asked[0]?.answer({
    outcome: 'failed',
    failure: { class: 'transient', code: 'http_500', message: 'x' },
    durationMs: 1,
  });
  await first;
  const second = shared(rule, question(), 900);
  asked[1]?.fail(new Error('no connection'));
  await expect(second).rejects.toThrow('no connection');
  void shared(rule, question(), 900);
  expect(asked).toHaveLength(3);
});

test('shared lookups - a rule that changed begins anew, also while it is asked', async () => {
  const { asked, shared } = scene();
  const [before, after] = [ruleWith({ cacheSeconds: 60 }), ruleWith({ cacheSeconds: 60, url: 'https://new.example' })];
  const first = shared(before, question(), 900);
  const second = shared(after, question(), 900);
  expect(asked).toHaveLength(2);
  asked[1]?.answer({ ...gold, value: 'NEW' });
  await second;
  asked[0]?.answer(gold);
  await first;
  expect((await shared(before, question(), 900)).reply).toEqual(gold);
  void shared(after, question(), 900);
  expect(asked).toHaveLength(3);
});

test('recent answers - of too many, the one that was not used for longest is forgotten', () => {
  const owner = {};
  const recent = createRecentAnswers<number>({ most: 2, now: () => 0 });
  recent.keep(owner, 'a', 1, 10);
  recent.keep(owner, 'b', 2, 10);
  recent.get(owner, 'a');
  recent.keep(owner, 'c', 3, 10);
  expect(['a', 'b', 'c'].map((key) => recent.get(owner, key))).toEqual([1, undefined, 3]);
});
