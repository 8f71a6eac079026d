import { expect, onTestFinished, test } from 'vitest';
import { kustomer } from '../../../src/kustomer/connector.ts';
import { conformance } from '../conformance/index.ts';
import { bea, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { apiKey, type FakeKustomer, startFakeKustomer } from './fake.ts';

const isMessage = ({ method, path }: CrmCall): boolean => method === 'POST' && path[3] === 'messages';

const subjectOf = (settings: object, start: () => Promise<FakeKustomer> = startFakeKustomer) => ({
  connector: kustomer,
  start,
  connection: () => ({ settings: { appUrl: 'https://acme.kustomerapp.com', ...settings } }),
  headers: { authorization: `Bearer ${apiKey}` },
  person: {
    module: 'customer',
    values: (name: { first: string; last: string }, phone: string) => ({ name: `${name.first} ${name.last}`, phone }),
    phoneField: 'phone',
    change: ['custom.titleStr', "Countess d'O\\Hara <b>"] as const,
  },
  user: {
    module: 'user',
    values: { displayName: bea.name, email: bea.email },
    told: { name: bea.name, email: bea.email, active: true },
  },
  throttled: {
    status: 429,
    headers: { 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' },
    body: { errors: [{ code: 'too_many_requests', message: 'for +14155550123', meta: {} }] },
  },
  refused: {
    status: 400,
    body: { errors: [{ status: '400', code: 'bad_request', detail: '+14155550123', source: { pointer: '/app' } }] },
  },
  isLog: isMessage,
});

/** A conversation is somebody's: whoever it is has to be there. */
const noteTo = { module: 'conversation', values: {} as Record<string, unknown> };
const withSomebody = async (): Promise<FakeKustomer> => {
  const fake = await startFakeKustomer();
  noteTo.values = { customer: fake.seed('customer', { name: 'Somebody' }), name: 'A question' };
  return fake;
};

conformance({ ...subjectOf({}, withSomebody), noteTo });

/** A connector at a fake. */
async function open(settings: object = {}) {
  const fake = await startFakeKustomer();
  const subject = await setUp(subjectOf(settings, () => Promise.resolve(fake)));
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

const asked = (fake: FakeKustomer): string[] => fake.calls.map(({ method, path }) => `${method} ${path.join('/')}`);
const isSearch = ({ path }: CrmCall): boolean => path[2] === 'search';

test('who has the number is found without the search, which may fail then', async () => {
  const { crm, fake, person } = await open();
  const id = person(number);
  fake.failNext({ status: 429, body: '' }, isSearch);
  const found = done(await crm.searchByPhone({ number }));
  expect(found).toMatchObject({
    hits: [{ id, field: 'phone', url: `https://acme.kustomerapp.com/app/customers/${id}` }],
  });
  fake.failNext({ status: 429, body: '' }, isSearch);
  expect(failureOf(await crm.searchByPhone({ number: '+14155550199' })).class).toBe('throttled');
  const { crm: without, fake: other } = await open({ phoneSearch: false });
  expect(done(await without.searchByPhone({ number }))).toMatchObject({ hits: [] });
  expect(asked(other)).toEqual(['GET v1/customers/phone=+14155550123']);
});

test('somebody who shares a number, or has it second, is found', async () => {
  const { crm, fake } = await open();
  const shared = fake.seed('customer', { name: 'Ann', sharedPhones: [{ type: 'home', phone: number }] });
  const second = fake.seed('customer', {
    name: 'Bob',
    phones: [
      { type: 'home', phone: '+14155550199' },
      { type: 'work', phone: '(415) 555-0123' },
    ],
  });
  const found = done(await crm.searchByPhone({ number }));
  expect(found.searched && found.hits.map(({ id, field }) => [id, field])).toEqual([
    [shared, 'sharedPhones'],
    [second, 'phones'],
  ]);
});

test('a number goes before those that are there, and nothing else is lost', async () => {
  const { crm, fake, person } = await open();
  const ref = { module: 'customer', id: person(number) };
  done(await crm.update(ref, { 'custom.visitsNum': 3 }));
  done(await crm.update(ref, { phone: '+14155550199', 'custom.titleStr': 'x' }));
  const { fields } = done(await crm.read(ref, [])) ?? { fields: {} };
  expect(fields).toMatchObject({ phones: ['+14155550199', number], phone: '+14155550199', 'custom.visitsNum': 3 });
  expect(fake.recordsOf('customer')[0]?.values.name).toContain('Ann');
});

test('a number that another customer has is refused, without naming it', async () => {
  const { crm, person } = await open();
  person(number);
  const failure = failureOf(await crm.create('customer', { name: 'Bob', phone: number }));
  expect(failure).toMatchObject({ class: 'permanent', code: 'crm_conflict' });
  expect(failure.message).not.toContain('4155550123');
});

test('a call of somebody unknown makes a customer once, with a conversation that is done', async () => {
  const { crm, fake } = await open();
  fake.failNext('lost-answer', ({ method, path }) => method === 'POST' && path[1] === 'customers' && path.length === 2);
  expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
  fake.failNext(
    'lost-answer',
    ({ method, path }) => method === 'POST' && path[1] === 'conversations' && path.length === 2,
  );
  expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
  done(await crm.logCall(entry));
  expect(fake.recordsOf('customer').map(({ values }) => values)).toMatchObject([
    { name: number, phones: [{ type: 'home', phone: number }] },
  ]);
  expect(fake.recordsOf('conversation').map(({ values }) => values)).toMatchObject([
    { externalId: entry.key, status: 'done', direction: 'in', name: entry.subject },
  ]);
  expect(fake.loggedCalls().length).toBe(1);
});

test('somebody else made the customer in between', async () => {
  const { crm, fake } = await open();
  const isLookUp = ({ path }: CrmCall): boolean => path[2] === `phone=${number}`;
  const id = fake.seed('customer', { name: 'Ann', phone: number });
  fake.failNext({ status: 404, body: {} }, isLookUp);
  done(await crm.logCall(entry));
  expect(fake.loggedCalls()).toMatchObject([{ about: [id] }]);
});

test('a call of nobody is refused, and so is one of somebody unknown where that is wanted', async () => {
  const { crm, fake } = await open({ unknownCallers: 'refuse' });
  for (const from of ['1001', number]) {
    const failure = failureOf(await crm.logCall({ ...entry, from }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_no_customer' });
    expect(failure.message).not.toContain('4155550123');
  }
  expect(fake.recordsOf('conversation')).toEqual([]);
});

test('a call about a conversation stands in it, once, however many messages are there', async () => {
  const { crm, fake, person } = await open();
  const id = fake.seed('conversation', { customer: person(number) });
  for (let at = 0; at < 230; at++) fake.seed('message', { conversation: id, preview: `chat ${at}` });
  const about = [{ module: 'conversation', id }];
  fake.failNext('lost-answer', isMessage);
  expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('transient');
  done(await crm.logCall({ ...entry, about, notes: 'and more' }));
  const calls = fake.recordsOf('message').filter(({ values }) => values.channel === 'voice');
  expect(calls.map(({ values }) => values.externalId)).toEqual([entry.key]);
  expect(calls[0]?.values.preview).toContain('and more');
  expect(fake.recordsOf('conversation').length).toBe(1);
});

test('custom attributes that an administrator made take what has no place', async () => {
  const { crm, fake } = await open({
    app: 'acme-voice',
    durationAttribute: 'durationNum',
    startedAttribute: 'startedAt',
    outcomeAttribute: 'outcomeStr',
    recordingAttribute: 'recordingUrl',
  });
  done(await crm.logCall({ ...entry, fields: { 'custom.queueStr': 'sales' } }));
  expect(fake.recordsOf('message')[0]?.values).toMatchObject({
    app: 'acme-voice',
    channel: 'voice',
    custom: {
      durationNum: 281,
      startedAt: entry.startedAt,
      outcomeStr: 'answered',
      recordingUrl: entry.recordingUrl,
      queueStr: 'sales',
    },
  });
  expect(() => kustomer.parseSettings({ durationAttribute: 'duration' })).toThrow('ends with Num');
});

test('custom objects by the name of their Klass; found by their external id', async () => {
  const { crm, fake, person } = await open({ orderKlass: 'ecomm-order' });
  const values = { title: 'Order 4711', customer: person(number), externalId: '4711' };
  const ref = done(await crm.create('order', values));
  expect(fake.recordsOf('ecomm-order').length).toBe(1);
  const filter = { module: 'order', fields: [], limit: 5 };
  expect(done(await crm.find({ ...filter, equals: { externalId: '4711' } }))).toMatchObject([
    { ...ref, name: 'Order 4711', fields: { customer: values.customer } },
  ]);
  expect(failureOf(await crm.find({ ...filter, equals: { title: 'x' } })).code).toBe('crm_query');
  expect(done(await crm.listModules()).map(({ name }) => name)).toEqual([
    'customer',
    'conversation',
    'message',
    'company',
    'order',
  ]);
});

test('what a search asks for, by values and in its own words', async () => {
  const { crm, fake, person } = await open();
  const customer = person(number);
  const id = fake.seed('conversation', { customer, name: 'A question', status: 'open', externalId: 'x1' });
  const filter = { module: 'conversation', fields: [], limit: 900 };
  const expression = '{"and":[{"conversation_status":{"equals":"open"}}]}';
  expect(done(await crm.find({ ...filter, equals: { externalId: 'x1' }, expression }))).toMatchObject([
    { id, name: 'A question', fields: { customer }, modifiedAt: '2026-11-20T10:00:00.000Z' },
  ]);
  const { json, query } = fake.calls.at(-1) ?? { json: undefined, query: new URLSearchParams() };
  expect(json).toMatchObject({
    queryContext: 'conversation',
    and: [{ conversation_external_id: { equals: 'x1' } }, {}],
  });
  expect(query.get('pageSize')).toBe('500');
  expect(failureOf(await crm.find({ ...filter, expression: 'status=open' })).message).toContain('conversation_status');
  expect(done(await crm.find({ module: 'customer', equals: { phone: number }, fields: [], limit: 1 }))).toMatchObject([
    { id: customer },
  ]);
  expect(asked(fake).at(-1)).toBe(`GET v1/customers/phone=${number}`);
});

test('a note stands in a conversation, not at a customer', async () => {
  const { crm, person } = await open();
  const failure = failureOf(await crm.attachNote({ module: 'customer', id: person(number) }, 'x'));
  expect(failure.code).toBe('crm_no_notes');
});

test.each([
  ['30', 30_000],
  [String(Math.ceil(Date.now() / 1000) + 3000), 3_000_000],
  [String(Date.now() + 3_000_000), 3_000_000],
  ['soon', 60_000],
])('how long to wait: %s', (reset, waitMs) => {
  const headers = { 'x-ratelimit-reset': reset };
  const meaning = kustomer.failureOf?.({ status: 429, headers, text: '', json: undefined });
  expect(Math.abs((meaning?.waitMs ?? 0) - waitMs)).toBeLessThan(60_000 - 1);
  expect(meaning?.class).toBe('throttled');
});

test.each([
  [401, { errors: [{ code: 'unauthorized', message: 'x' }] }, 'destination-gone', 'API key'],
  [403, { errors: [{ code: 'forbidden', message: 'x' }] }, 'permanent', 'forbidden: give the API key a role'],
  [
    422,
    { errors: [{ status: '422', title: 'Ann Lee', source: { pointer: '/data/name' } }] },
    'permanent',
    '/data/name',
  ],
  [400, { errors: 'Ann Lee' }, 'permanent', 'status 400'],
  [200, undefined, 'permanent', 'base URL'],
])('what an answer means: %i %j', (status, json, failureClass, words) => {
  const meaning = kustomer.failureOf?.({ status, headers: {}, text: 'x', json });
  expect(meaning?.class).toBe(failureClass);
  expect(meaning?.message).toContain(words);
  expect(meaning?.message).not.toContain('Ann');
});

test('where people open it, by the address of the API', () => {
  const at = (baseUrl: string, module = 'customer') =>
    kustomer.deepLink({ baseUrl, settings: kustomer.parseSettings({}) }, { module, id: 'c1' });
  expect(at('https://acme.api.kustomerapp.com')).toBe('https://acme.kustomerapp.com/app/customers/c1');
  expect(at('https://api.kustomerapp.com')).toBeUndefined();
  expect(at('https://acme.api.kustomerapp.com', 'message')).toBeUndefined();
});
