import { describe, expect, onTestFinished, test } from 'vitest';
import { sugarCrm } from '../../../src/sugarcrm/connector.ts';
import type { Settings } from '../../../src/sugarcrm/settings.ts';
import { conformance } from '../conformance/index.ts';
import { ann, bea, type Conformance, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { type FakeSugarCrm, startFakeSugarCrm } from './fake.ts';

const isLog = ({ method, path }: CrmCall): boolean =>
  (method === 'PATCH' && path.includes('integrate')) || (method === 'POST' && path.at(-1) === 'Calls');

const subjectOf = (
  settings: Partial<Settings> = {},
  start: () => Promise<FakeSugarCrm> = startFakeSugarCrm,
): Conformance<Settings> => ({
  connector: { ...sugarCrm, title: `SugarCRM, calls by ${settings.callKey ?? 'sync-key'}` },
  start,
  connection: () => ({ settings }),
  person: {
    module: 'Contacts',
    values: ({ first, last }, phone) => ({ first_name: first, last_name: last, phone_mobile: phone }),
    phoneField: 'phone_mobile',
    change: ['title', "Countess d'O\\Hara"],
  },
  user: {
    module: 'Users',
    values: {
      first_name: 'Bea',
      last_name: 'Agent',
      user_name: bea.username,
      email: [{ email_address: bea.email, primary_address: true }],
      status: 'Active',
    },
    told: { ...bea, active: true },
  },
  upsertField: 'sync_key',
  // No 429 is documented: one in front of it may.
  throttled: { status: 429, headers: { 'retry-after': '2' } },
  refused: {
    status: 422,
    body: { error: 'invalid_parameter', error_message: 'Invalid value +14155550123 in date_start' },
  },
  linkFrom: { module: 'Accounts', values: { name: 'Hara' } },
  isLog,
  durationStep: 60,
});

conformance(subjectOf());
const { upsertField, ...unprivileged } = subjectOf({ callKey: 'text' }, () => startFakeSugarCrm({ isAdmin: false }));
conformance(unprivileged);

async function open(settings: Partial<Settings> = {}, options: Parameters<typeof startFakeSugarCrm>[0] = {}) {
  const fake = await startFakeSugarCrm(options);
  const subject = await setUp(subjectOf(settings, () => Promise.resolve(fake)));
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

const logIns = ({ calls }: FakeSugarCrm): CrmCall[] => calls.filter(({ path }) => path.at(-1) === 'token');

describe('log-in', () => {
  test('is made once, on a platform of our own, and again when somebody else took it', async () => {
    const { crm, fake } = await open({ platform: 'cti' });
    expect(done(await crm.test())).toEqual({ user: 'cti' });
    done(await crm.searchByPhone({ number }));
    expect(logIns(fake).map(({ json }) => json)).toMatchObject([{ grant_type: 'password', platform: 'cti' }]);
    fake.endSessions?.();
    done(await crm.searchByPhone({ number }));
    expect(logIns(fake).length).toBe(2);
  });

  test('credentials that are refused are said to be', async () => {
    const { crm, fake } = await open();
    const reply = { status: 401, body: { error: 'need_login', error_message: 'You must specify a valid username' } };
    fake.failNext(reply, ({ path }) => path.at(-1) === 'token');
    expect(failureOf(await crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
  });
});

test('without rights to write by a key an administrator is told which setting does without', async () => {
  const { crm, fake } = await open({}, { isAdmin: false });
  const failure = failureOf(await crm.logCall(entry));
  expect(failure).toMatchObject({ class: 'permanent', code: 'crm_forbidden' });
  expect(failure.message).toContain('callKey');
  expect(fake.loggedCalls()).toEqual([]);
  const { crm: told } = await open({ callKey: 'text' });
  const key = { module: 'Contacts', field: upsertField ?? '', value: '1' };
  expect(await told.upsert(key, {})).toMatchObject({ outcome: 'unable' });
});

const down = { status: 503, body: 'down' };
const gone = { status: 404, body: { error: 'not_found', error_message: 'Could not find a relationship' } };

test.each([
  [{}, down],
  [{}, gone],
  [{ callKey: 'text' }, down],
  [{ callKey: 'text' }, gone],
] as const)('a call of %j whose link failed with %j is not written again, but linked', async (settings, fault) => {
  const { crm, fake, person } = await open(settings);
  const id = person(number);
  const about = [{ module: 'Contacts', id }];
  fake.failNext(fault, ({ path }) => path.at(-1) === 'link');
  failureOf(await crm.logCall({ ...entry, about }));
  done(await crm.logCall({ ...entry, about }));
  expect(fake.loggedCalls().map((call) => call.about)).toEqual([[id]]);
});

test('a key that begins like another one is another call', async () => {
  const { crm, fake } = await open({ callKey: 'text' });
  fake.seed('Calls', { name: 'x', description: `Call id: ${entry.key}0` });
  fake.failNext('lost-answer', isLog);
  expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
  const { ref, again } = done(await crm.logCall(entry));
  expect([again, fake.of('Calls').length]).toEqual([true, 2]);
  expect(fake.of('Calls').at(-1)?.id).toBe(ref.id);
});

test('numbers that are written in ways of their own are found by their last digits', async () => {
  const { crm, person } = await open();
  const id = person('415.555.0123');
  person('415.555.9923');
  expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id, match: 'e164' }] });
});

test('an expression is a filter of its own, beside values that are equal', async () => {
  const { crm, fake } = await open();
  const id = fake.seed('Cases', { name: 'Broken', status: 'New', priority: 'P1' });
  fake.seed('Cases', { name: 'Broken', status: 'Closed', priority: 'P1' });
  const filter = { module: 'Cases', equals: { priority: 'P1' }, fields: ['status'], limit: 5 };
  const expression = '[{"$or":[{"status":{"$starts":"N"}},{"name":{"$contains":"zzz"}}]}]';
  expect(done(await crm.find({ ...filter, expression })).map((one) => one.id)).toEqual([id]);
  for (const wrong of ['status=New', '"New"', '[1]'])
    expect(failureOf(await crm.find({ ...filter, expression: wrong }))).toMatchObject({ code: 'crm_query' });
});

test('an unknown field is named, and no value of the record', async () => {
  const { crm } = await open();
  const failure = failureOf(await crm.create('Contacts', { last_name: 'Hara', phone_car: number }));
  expect(failure.message).toContain('phone_car');
  expect(failure.message).not.toContain('4155550123');
});

test('an e-mail address becomes the primary one, a time gets its zone', async () => {
  const { crm, fake } = await open();
  done(await crm.create('Contacts', { last_name: ann.last, email: 'ann@example.test' }));
  done(await crm.create('Calls', { name: 'x', date_start: '2026-11-20T10:00:00.500Z' }));
  expect(fake.of('Contacts')[0]?.values.email).toEqual([{ email_address: 'ann@example.test', primary_address: true }]);
  expect(fake.of('Calls')[0]?.values.date_start).toBe('2026-11-20T10:00:00+00:00');
});

test('a page instead of an answer is no answer', async () => {
  const { crm, fake } = await open();
  fake.failNext({ body: '<html>Welcome</html>' }, isLog);
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'crm_answer' });
  done(await crm.logCall(entry));
  expect(fake.loggedCalls().length).toBe(1);
});

test('where people open a record', () => {
  const place = { baseUrl: 'https://crm.example.test/sugar/', settings: sugarCrm.parseSettings({}) };
  expect(sugarCrm.deepLink(place, { module: 'Contacts', id: 'a-1' })).toBe(
    'https://crm.example.test/sugar/#Contacts/a-1',
  );
});

describe('mail addresses', () => {
  const values = {
    last_name: 'Lee',
    email: [
      { email_address: 'second@example.com', primary_address: false },
      { email_address: 'first@example.com', primary_address: true },
    ],
  };

  test.each(['first@example.com', 'Second@Example.com'])('%s, one of several, is found', async (address) => {
    const { crm, fake } = await open();
    const id = fake.seed('Contacts', values);
    const found = done(await crm.searchByEmail({ address }));
    expect(found.map((one) => one.id)).toEqual([id]);
    expect(found[0]?.fields.email).toBe('first@example.com');
  });

  test('are read as they are written: the first one as a text, and not as a list of objects', async () => {
    const { crm, fake } = await open();
    const id = fake.seed('Contacts', values);
    const read = done(await crm.read({ module: 'Contacts', id }, ['email']));
    expect(read?.fields).toMatchObject({
      email: 'first@example.com',
      emails: ['first@example.com', 'second@example.com'],
    });
    const filter = { module: 'Contacts', equals: { email: 'second@example.com' }, fields: [], limit: 5 };
    expect(done(await crm.find(filter)).map((one) => one.id)).toEqual([id]);
  });
});
