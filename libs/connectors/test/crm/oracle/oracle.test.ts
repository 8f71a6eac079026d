import { describe, expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { oracle } from '../../../src/oracle/connector.ts';
import type { settings as schema } from '../../../src/oracle/settings.ts';
import { conformance } from '../conformance/index.ts';
import { ann, type Conformance, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { basic, type FakeOracle, startFakeOracle } from './fake.ts';

type Given = z.input<typeof schema>;

const isLog = ({ method, path }: CrmCall): boolean => method === 'POST' && path.at(-1) === 'activities';

const subjectOf = (
  settings: Given = {},
  start: () => Promise<FakeOracle> = startFakeOracle,
): Conformance<z.output<typeof schema>> => ({
  connector: { ...oracle, title: `${oracle.title}, framework ${settings.frameworkVersion ?? 'by default'}` },
  start,
  connection: () => ({ settings }),
  headers: { authorization: basic },
  person: {
    module: 'contacts',
    values: ({ first, last }, phone) => ({ FirstName: first, LastName: last, MobileNumber: phone }),
    phoneField: 'MobileNumber',
    change: ['JobTitle', "Countess d'Hara"],
  },
  upsertField: 'PartyNumber',
  // No numbers are published, nor how a limit shows.
  throttled: { status: 429, body: 'Too Many Requests' },
  refused: {
    status: 400,
    body: {
      title: 'Bad Request',
      'o:errorDetails': [{ detail: 'JBO-27014: Attribute Subject +14155550123 is required' }],
    },
  },
  isLog,
});

conformance(subjectOf());
conformance(subjectOf({ frameworkVersion: 2 }));

async function open(settings: Given = {}, options: Parameters<typeof startFakeOracle>[0] = {}) {
  const fake = await startFakeOracle(options);
  const subject = await setUp(subjectOf(settings, () => Promise.resolve(fake)));
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

describe('numbers', () => {
  test.each([
    [{ MobileCountryCode: '1', MobileAreaCode: '415', MobileNumber: '5550123' }],
    [{ MobileCountryCode: '+1', MobileNumber: '4155550123' }],
    [{ MobileAreaCode: '415', MobileNumber: '555-0123' }],
    [{ WorkPhoneCountryCode: '1', WorkPhoneAreaCode: '415', WorkPhoneNumber: '555-0123' }],
  ])('kept in parts as %j are found', async (parts) => {
    const { crm, fake } = await open();
    const id = fake.seed('contacts', { LastName: 'Lee', ...parts });
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id, match: 'e164' }] });
  });

  test('the same digits with another area or country are somebody else', async () => {
    const { crm, fake } = await open();
    fake.seed('contacts', { LastName: 'Lee', MobileCountryCode: '1', MobileAreaCode: '212', MobileNumber: '5550123' });
    fake.seed('contacts', { LastName: 'Lee', MobileCountryCode: '44', MobileNumber: '4155550123' });
    fake.seed('contacts', { LastName: 'Lee', MobileNumber: '5550123' });
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [] });
  });

  test('of organizations too', async () => {
    const { crm, fake } = await open();
    const id = fake.seed('accounts', { OrganizationName: 'Hara', PhoneAreaCode: '415', PhoneNumber: '555-0123' });
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({
      hits: [{ id, module: 'accounts', name: 'Hara' }],
    });
  });
});

describe('what the pod has not', () => {
  const lost = ['contacts.HomePhoneNumber', 'contacts.HomePhoneCountryCode', 'activities.AccountId'];

  test('a test of the connection tells of it, and which settings do without', async () => {
    const { crm } = await open({}, { lost });
    const failure = failureOf(await crm.test());
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_unknown_attribute' });
    for (const one of [...lost, 'withoutAttributes', 'relatedAttributes']) expect(failure.message).toContain(one);
  });

  test('with those settings it is not asked for', async () => {
    const settings = { withoutAttributes: 'contacts.HomePhoneNumber', relatedAttributes: '' };
    const { crm, fake, person } = await open(settings, { lost });
    done(await crm.test());
    const id = person(number);
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id }] });
    const account = fake.seed('accounts', { OrganizationName: 'Hara' });
    done(await crm.logCall({ ...entry, about: [{ module: 'accounts', id: account }] }));
    expect(fake.of('activities')[0]?.values).not.toHaveProperty('AccountId');
  });
});

describe('mail addresses', () => {
  const address = "o'hara@example.com";

  test('of contacts are found, whatever is written in them', async () => {
    const { crm, fake } = await open();
    const id = fake.seed('contacts', { LastName: 'Hara', EmailAddress: address });
    fake.seed('contacts', { LastName: 'Lee', EmailAddress: 'lee@example.com' });
    expect(done(await crm.searchByEmail({ address: "O'Hara@Example.com" })).map((one) => one.id)).toEqual([id]);
  });

  test('are not asked for in a pod without them, and it is said', async () => {
    const attributes = { lost: ['contacts.EmailAddress'] };
    expect(failureOf(await (await open({}, attributes)).crm.test()).message).toContain('contacts.EmailAddress');
    const { crm } = await open({ withoutAttributes: 'contacts.EmailAddress' }, attributes);
    done(await crm.test());
    const result = await crm.searchByEmail({ address });
    expect(result.outcome === 'unable' ? result.why : '').toContain('withoutAttributes');
  });
});

describe('calls', () => {
  test('stand at the first organization and opportunity, and at all contacts, by their keys', async () => {
    const { crm, fake, person } = await open({ callFunction: 'TASK', callType: 'CALL' });
    const accounts = ['Hara', 'Lee'].map((OrganizationName) => fake.seed('accounts', { OrganizationName }));
    const deal = fake.seed('opportunities', { Name: 'Sale' });
    const about = [
      ...[person(number), person(number)].map((id) => ({ module: 'contacts', id })),
      ...accounts.map((id) => ({ module: 'accounts', id })),
      { module: 'opportunities', id: deal },
    ];
    const { ref } = done(await crm.logCall({ ...entry, about, userId: '42' }));
    expect(fake.of('activities')[0]?.values).toMatchObject({
      ActivityFunctionCode: 'TASK',
      ActivityTypeCode: 'CALL',
      AccountId: 300_000_001,
      OpportunityId: 300_000_003,
      OwnerId: '42',
    });
    expect(fake.contactsOf(ref.id)).toEqual(['300000004', '300000005']);
  });

  test('a contact that could not be added is added later, and nobody twice', async () => {
    const { crm, fake, person } = await open();
    const about = [person(number), person(number)].map((id) => ({ module: 'contacts', id }));
    let count = 0;
    const isSecond = ({ method, path }: CrmCall): boolean => {
      if (method === 'POST' && path.at(-1) === 'ActivityContact') count += 1;
      return count === 2;
    };
    fake.failNext({ status: 503, body: 'down' }, isSecond);
    expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('transient');
    const { ref } = done(await crm.logCall({ ...entry, about }));
    expect(fake.contactsOf(ref.id)).toEqual(['300000001', '300000002']);
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('a record that is gone keeps no call from being written', async () => {
    const { crm, fake } = await open();
    done(await crm.logCall({ ...entry, about: [{ module: 'contacts', id: 'CDRM_999999' }] }));
    expect(fake.loggedCalls()).toMatchObject([{ about: [] }]);
  });
});

describe('records', () => {
  test('are known again by their number alone', async () => {
    const { crm, fake } = await open();
    const key = { module: 'contacts', field: 'EmailAddress', value: 'ann@example.test' };
    const failure = failureOf(await crm.upsert(key, { LastName: ann.last }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_key' });
    expect(failure.message).toContain('PartyNumber');
    expect(fake.calls).toEqual([]);
  });

  test('a search by values and an expression hold together', async () => {
    const { crm, fake } = await open();
    const id = fake.seed('serviceRequests', { Title: "It's broken", StatusCd: 'ORA_SVC_NEW' });
    fake.seed('serviceRequests', { Title: "It's broken", StatusCd: 'ORA_SVC_CLOSED' });
    const expression = "StatusCd='ORA_SVC_NEW' or StatusCd='ORA_SVC_OPEN'";
    const filter = { module: 'serviceRequests', equals: { Title: "It's broken" }, fields: ['StatusCd'], limit: 5 };
    expect(done(await crm.find({ ...filter, expression })).map((one) => one.id)).toEqual([id]);
    expect(failureOf(await crm.find({ ...filter, equals: { 'Title=1 or SrId': 1 } }))).toMatchObject({
      code: 'crm_query',
    });
  });

  test('what is missing is named, and no value', async () => {
    const { crm } = await open();
    const missing = failureOf(await crm.create('contacts', { FirstName: 'Ann', MobileNumber: number }));
    expect(missing.message).toContain('JBO-27014, attribute LastName');
    const unknown = failureOf(await crm.create('contacts', { LastName: 'Hara', Shoes: number }));
    expect(unknown.message).toContain('attribute Shoes');
    expect(unknown.message).not.toContain('4155550123');
  });
});

describe('answers', () => {
  test.each([
    [{ status: 401, body: '<html>' }, 'destination-gone', 'credentials_refused'],
    [{ status: 403, body: '' }, 'permanent', 'crm_forbidden'],
    [{ status: 400, body: 'JBO-25014: Another user has changed the row' }, 'transient', 'crm_locked'],
    [{ body: '<html>Sign In</html>' }, 'transient', 'crm_answer'],
  ])('%j is %s %s', async (reply, failureClass, code) => {
    const { crm, fake } = await open();
    fake.failNext(reply, isLog);
    expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: failureClass, code });
  });
});

test('where people open a record', () => {
  const ref = { module: 'contacts', id: 'CDRM_1' };
  const open = (settings: Given) =>
    oracle.deepLink({ baseUrl: 'https://acme.fa.us2.oraclecloud.com', settings: oracle.parseSettings(settings) }, ref);
  expect(open({})).toBe(
    'https://acme.fa.us2.oraclecloud.com/fscmUI/redwood/application-components/application/container/deeplink?puid=CDRM_1&resource=contacts',
  );
  const recordUrl = 'https://acme.example.test/deeplink?objType={resource}&objKey=PartyNumber={number}';
  expect(open({ recordUrl })).toBe('https://acme.example.test/deeplink?objType=contacts&objKey=PartyNumber=CDRM_1');
  expect(() => oracle.parseSettings({ recordUrl: 'http://x/{number}' })).toThrow(/https/);
});
