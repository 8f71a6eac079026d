import { afterEach, describe, expect, test } from 'vitest';
import { zohoDuration } from '../../../src/zoho/wire.ts';
import { ann, done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { contractFile, readContract } from '../openapi.ts';
import { startFakeZoho } from './fake.ts';
import { isLog, keyed, rowError, subjectOf } from './zoho-subject.ts';

let subject: Subject;
afterEach(() => subject.close());
const open = async (settings: object = keyed, start = () => startFakeZoho()): Promise<Subject> => {
  subject = await setUp(subjectOf({ ...settings }, start));
  return subject;
};
const rowOf = ({ json }: CrmCall): Record<string, unknown> => (json as { data: [Record<string, unknown>] }).data[0];

describe('search by phone', () => {
  const found = async () => {
    const result = done(await subject.crm.searchByPhone({ number }));
    return result.searched ? result.hits.map(({ id }) => id) : [];
  };

  test('who is found by COQL is not looked for by the index, which costs a credit more', async () => {
    await open();
    const id = subject.person(number);
    expect(await found()).toEqual([id]);
    const ofContacts = subject.fake.calls.filter(({ path, body }) => `${path.join('/')} ${body}`.includes('Contacts'));
    expect(ofContacts.map(({ path }) => path.at(-1))).toEqual(['coql']);
  });

  test.each(['415.555.0123', '415 55 50 12 3', '+1-415-555-0123'])('finds who has it as %s', async (stored) => {
    await open();
    expect(await found()).toEqual([]);
    const id = subject.person(stored);
    subject.person('+1 212 999 0123', { first: 'Bob', last: 'Same end' });
    expect(await found()).toEqual([id]);
  });

  test('who was made just now is found by the last digits, before the index knows', async () => {
    await open(keyed, () => startFakeZoho({ isIndexBehind: true }));
    const id = subject.person('+1-415-555-0123');
    expect(await found()).toEqual([id]);
  });

  test('all of a number are returned, of all modules', async () => {
    await open();
    const contact = subject.person(number);
    const lead = subject.fake.seed('Leads', { First_Name: 'Lea', Last_Name: 'D', Mobile: '(415) 555-0123' });
    const account = subject.fake.seed('Accounts', { Account_Name: 'Acme', Phone: number });
    expect(new Set(await found())).toEqual(new Set([contact, lead, account]));
  });
});

describe('calls', () => {
  test('a call of an hour, outbound, at a lead, by a user', async () => {
    await open({ ...keyed, outboundStatusField: 'Call_Result' });
    const id = subject.fake.seed('Leads', { Last_Name: 'D' });
    const more = { direction: 'outbound', durationSeconds: 3661, userId: '4876876000000100001' } as const;
    done(await subject.crm.logCall({ ...entry, ...more, about: [{ module: 'Leads', id }] }));
    const [call] = subject.fake.calls.filter(isLog);
    if (call === undefined) throw new Error('nothing was logged');
    expect(rowOf(call)).toMatchObject({
      Call_Type: 'Outbound',
      Call_Start_Time: '2026-11-20T10:00:00+00:00',
      Call_Duration: '61:01',
      What_Id: { id },
      $se_module: 'Leads',
      Owner: { id: '4876876000000100001' },
      CTI_Key: entry.key,
    });
    expect(rowOf(call)).not.toHaveProperty('Who_Id');
    expect(call.json).toMatchObject({ trigger: [] });
  });

  test('inbound and not answered: missed', async () => {
    await open();
    done(await subject.crm.logCall({ ...entry, outcome: 'abandoned', durationSeconds: 12 }));
    const [call] = subject.fake.calls.filter(isLog);
    expect(call && rowOf(call)).toMatchObject({ Call_Type: 'Missed' });
    expect(call && rowOf(call)).not.toHaveProperty('Call_Duration');
  });

  test.each([true, false])(
    'a second of the same key is refused, and the first changed (says which: %s)',
    async (tells) => {
      await open(keyed, () => startFakeZoho({ tellsDuplicate: tells }));
      const first = done(await subject.crm.logCall(entry));
      const again = done(await subject.crm.logCall({ ...entry, notes: 'later' }));
      expect(again.ref).toEqual(first.ref);
      expect(subject.fake.loggedCalls()[0]?.text).toContain('later');
      expect(subject.fake.calls.filter(({ path }) => path.at(-1) === 'coql').length).toBe(tells ? 0 : 1);
    },
  );

  test('without a key field: two that began at the same time are two', async () => {
    await open({});
    done(await subject.crm.logCall(entry));
    done(await subject.crm.logCall({ ...entry, key: `${entry.key}1` }));
    expect(subject.fake.loggedCalls().length).toBe(2);
  });

  test('a duplicate of another unique field is no call of ours', async () => {
    await open();
    subject.fake.failNext({ status: 400, body: rowError('DUPLICATE_DATA', { api_name: 'Other', id: '1' }) }, isLog);
    expect(failureOf(await subject.crm.logCall(entry))).toMatchObject({ class: 'permanent', code: 'crm_duplicate' });
  });

  test('durations', () => {
    expect([0, 5, 59.6, 281, 3600, 36_000].map(zohoDuration)).toEqual([
      '00:00',
      '00:05',
      '01:00',
      '04:41',
      '60:00',
      '600:00',
    ]);
  });
});

describe('failures', () => {
  const reply = (status: number, code: string, details: object = {}) => ({
    status,
    body: { ...rowError(code, details).data[0] },
  });

  test.each([
    [reply(401, 'INVALID_TOKEN'), 'destination-gone', 'credentials_refused'],
    [reply(401, 'OAUTH_SCOPE_MISMATCH'), 'permanent', 'crm_scopes'],
    [reply(500, 'INTERNAL_ERROR'), 'transient', 'crm_busy'],
    [{ status: 200, body: rowError('RECORD_LOCKED') }, 'transient', 'crm_busy'],
    [{ status: 207, body: rowError('INVALID_DATA', { api_name: 'Phone' }) }, 'permanent', 'crm_refused'],
    [{ status: 200, body: rowError('TOO_MANY_REQUESTS') }, 'throttled', 'crm_limit'],
  ])('%j: %s', async (fault, failureClass, code) => {
    await open();
    for (const act of [
      () => subject.crm.create('Contacts', { Last_Name: 'x' }),
      () => subject.crm.logCall({ ...entry, key: `k-${code}` }),
    ]) {
      subject.fake.failNext(fault);
      const failure = failureOf(await act());
      expect(failure).toMatchObject({ class: failureClass, code });
      expect(failure.message).not.toMatch(/pass-4711|4155550123/);
    }
  });

  test('which field it was is said', async () => {
    await open();
    const { message } = failureOf(await subject.crm.create('Contacts', { First_Name: 'Ann' }));
    expect(message).toBe('Zoho CRM refused it: MANDATORY_NOT_FOUND (Last_Name)');
  });

  test.each([
    ['0', 15 * 60_000],
    ['10', 10_000],
  ])('429 with %s credits left is waited for', async (left, waitMs) => {
    await open();
    const headers = { 'x-api-credits-remaining': left };
    subject.fake.failNext({ ...reply(429, 'TOO_MANY_REQUESTS'), headers });
    const before = Date.now();
    const wait = (failureOf(await subject.crm.test()).retryAt?.getTime() ?? 0) - before;
    expect(wait).toBeGreaterThanOrEqual(waitMs);
    expect(wait).toBeLessThan(waitMs + 5000);
  });

  test('names that are none never become part of a query', async () => {
    await open();
    const filter = { module: 'Contacts', equals: { "id is not null or '1'": '1' }, fields: [], limit: 1 };
    expect(failureOf(await subject.crm.find(filter)).code).toBe('crm_query');
    expect(subject.fake.calls).toEqual([]);
  });
});

test('an expression of COQL, and what has to be equal beside it', async () => {
  await open();
  subject.person(number);
  const bob = subject.person(number, { first: 'Bob', last: 'B' });
  const filter = {
    module: 'Contacts',
    equals: { Phone: number },
    expression: "First_Name like 'B%'",
    fields: [],
    limit: 9,
  };
  expect(done(await subject.crm.find(filter))).toMatchObject([{ id: bob, modifiedAt: '2026-11-20T11:00:00.000Z' }]);
});

test('where people open it', async () => {
  await open();
  const { crm } = subject;
  expect(crm.deepLink({ module: 'Deals', id: '7' })).toBe('https://crm.zoho.eu/crm/org20075/tab/Potentials/7');
});

/** What speaks of any module is the last that is asked. */
const files = ['coql', 'users', 'modules', 'fields', 'notes', 'record'];
test.skipIf(contractFile('zoho/v8.0/record.json') === undefined)(
  'every request is one of the published description (skipped without ../shared/contracts)',
  async () => {
    await open();
    const { crm, fake } = subject;
    done(await crm.test());
    done(await crm.listModules());
    done(await crm.listFields('Contacts'));
    const made = done(await crm.create('Contacts', { Last_Name: ann.last, Phone: '415.555.0123' }));
    done(await crm.searchByPhone({ number }));
    done(await crm.read(made, ['Phone']));
    done(await crm.update(made, { Title: 'x' }));
    done(await crm.upsert({ module: 'Contacts', field: 'CTI_Id', value: '1' }, { Last_Name: 'x' }));
    done(await crm.attachNote(made, 'note'));
    for (let time = 0; time < 2; time += 1) done(await crm.logCall({ ...entry, about: [made] }));
    const contracts = files.map((name) => readContract(contractFile(`zoho/v8.0/${name}.json`) ?? ''));
    // The description demands of a new note what only Zoho itself can say of it.
    const isOfZoho = (fault: string): boolean => /^body\.data\[\]\..*: missing$/.test(fault);
    const faults = fake.calls.map((call) => {
      const said = contracts.map(({ faultsOf }) => faultsOf(call)).find((one) => one !== undefined);
      const isNote = call.path.at(-1) === 'Notes';
      const wrong = said?.filter((fault) => !(isNote && isOfZoho(fault)));
      return [`${call.method} ${call.path.join('/')}`, wrong];
    });
    expect(faults).toEqual(faults.map(([request]) => [request, []]));
    expect(faults.length).toBeGreaterThan(12);
  },
);
