import { describe, expect, onTestFinished, test } from 'vitest';
import { suiteCrm } from '../../../src/suitecrm/connector.ts';
import { suiteCrmV4 } from '../../../src/suitecrm-v4/connector.ts';
import type { Settings } from '../../../src/suitecrm-v4/settings.ts';
import { conformance } from '../conformance/index.ts';
import { done, entry, failureOf, number, password, setUp } from '../conformance/subject.ts';
import { type FakeSuiteCrmV4, startFakeSuiteCrmV4 } from './fake.ts';
import { argumentsOf, isLog, subjectOf } from './subject.ts';

conformance(subjectOf());

async function open(settings: Partial<Settings> = {}) {
  const fake = await startFakeSuiteCrmV4();
  const subject = await setUp(subjectOf(settings, () => Promise.resolve(fake)));
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

const callsOf = ({ calls }: FakeSuiteCrmV4, method: string) =>
  calls.filter(({ form }) => form.get('method') === method);

describe('log-in', () => {
  test('the password itself is not sent, unless the users stand in a directory', async () => {
    const { crm, fake } = await open();
    expect(done(await crm.test())).toEqual({ user: 'cti' });
    expect(JSON.stringify(fake.calls.map(argumentsOf))).not.toContain(password);
    const { crm: plain, fake: directory } = await open({ login: 'plain' });
    expect(done(await plain.test())).toEqual({ user: 'cti' });
    const [login] = callsOf(directory, 'login').map(argumentsOf);
    expect(login?.user_auth).toMatchObject({ encryption: 'PLAIN', password });
  });

  test.each([
    [10, 'Invalid Login'],
    [1008, 'Password Expired'],
    [1009, 'Lockout Reached'],
  ])('%s %s: the credentials are refused', async (code, name) => {
    const { crm, fake } = await open();
    fake.failNext({ body: { name, number: code, description: 'x' } });
    expect(failureOf(await crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
  });

  test('a session that is never kept is told from one that is over', async () => {
    const { crm, fake } = await open();
    const lost = { body: { name: 'Invalid Session ID', number: 11, description: 'The session ID is invalid' } };
    for (let count = 0; count < 2; count += 1)
      fake.failNext(lost, ({ form }) => form.get('method') === 'get_available_modules');
    const failure = failureOf(await crm.test());
    expect(failure).toMatchObject({ class: 'transient', code: 'crm_session' });
    expect(failure.message).toContain('verify_client_ip');
    expect(callsOf(fake, 'login').length).toBe(2);
  });
});

describe('calls', () => {
  test('one that both APIs write is there once', async () => {
    const { crm, fake } = await open();
    const { ref } = done(await crm.logCall(entry));
    const [sent] = fake.calls.filter(isLog).map(argumentsOf);
    expect(sent?.name_value_list).toContainEqual({ name: 'id', value: ref.id });
    expect(sent?.name_value_list).toContainEqual({ name: 'new_with_id', value: '1' });
    expect(suiteCrm.calls.isKeyed).toBe(suiteCrmV4.calls.isKeyed);
  });

  test('two processes that write one at the same time leave one', async () => {
    const { crm, fake } = await open();
    const results = await Promise.all([crm.logCall(entry), crm.logCall(entry), crm.logCall(entry)]);
    expect(results.some(({ outcome }) => outcome === 'done')).toBe(true);
    expect(fake.loggedCalls().length).toBe(1);
    done(await crm.logCall(entry));
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('a link that was refused is told of, and made when the call is written again', async () => {
    const { crm, fake, person } = await open();
    const gone = { module: 'Contacts', id: 'acb25005-0f60-8606-bdfd-999999999999' };
    expect(failureOf(await crm.logCall({ ...entry, about: [gone] }))).toMatchObject({ code: 'crm_link' });
    const id = person(number);
    done(await crm.logCall({ ...entry, about: [{ module: 'Contacts', id }] }));
    expect(fake.loggedCalls()).toMatchObject([{ about: [id] }]);
  });
});

describe('records', () => {
  test('one that is gone is not changed without a word', async () => {
    const { crm, fake } = await open();
    const ref = { module: 'Contacts', id: 'acb25005-0f60-8606-bdfd-999999999999' };
    expect(failureOf(await crm.update(ref, { title: 'x' }))).toMatchObject({ code: 'crm_no_record' });
    expect(callsOf(fake, 'set_entry')).toEqual([]);
  });

  test('times, flags and several choices are written as it takes them', async () => {
    const { crm, fake } = await open();
    const values = { name: 'x', date_start: '2026-11-20T11:00:00+01:00', status: ['a', 'b'], duration_hours: 1 };
    done(await crm.create('Calls', { ...values, direction: true }));
    expect(fake.of('Calls')[0]?.values).toEqual({
      name: 'x',
      date_start: '2026-11-20 10:00:00',
      status: '^a^,^b^',
      duration_hours: '1',
      direction: '1',
    });
  });
});

describe('searches', () => {
  test('an expression holds together with values that are equal, and custom fields stand beside', async () => {
    const { crm, fake } = await open();
    const id = fake.seed('Contacts', { last_name: 'Lee', title: 'A', vip_c: '1' });
    fake.seed('Contacts', { last_name: 'Lee', title: 'B', vip_c: '0' });
    const expression = "contacts.title='A' OR contacts.title='B'";
    const filter = { module: 'Contacts', equals: { vip_c: true }, expression, fields: [], limit: 5 };
    expect(done(await crm.find(filter)).map((one) => one.id)).toEqual([id]);
    const [sent] = callsOf(fake, 'get_entry_list').map(argumentsOf);
    expect(sent?.query).toBe(`(${expression}) AND contacts_cstm.vip_c='1'`);
  });

  test('a query that it does not take is refused, and a field that would be one is not sent', async () => {
    const { crm, fake } = await open();
    const filter = { module: 'Contacts', fields: [], limit: 5 };
    const refused = failureOf(await crm.find({ ...filter, expression: '1=1; DROP TABLE contacts' }));
    expect(refused).toMatchObject({ class: 'permanent', code: 'crm_refused' });
    const before = fake.calls.length;
    expect(failureOf(await crm.find({ ...filter, equals: { "title='' OR 1": 1 } }))).toMatchObject({
      code: 'crm_query',
    });
    expect(fake.calls.length).toBe(before);
  });

  test('numbers that are written in ways of their own are found by their last digits', async () => {
    const { crm, person } = await open();
    const id = person('415.555.0123');
    person('415.555.0199');
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id, match: 'e164' }] });
  });
});

test('warnings of PHP in front of an answer are no answer', async () => {
  const { crm, fake } = await open();
  fake.failNext({ body: '<br /><b>Deprecated</b>{"id":"1"}' }, isLog);
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'crm_answer' });
});

describe('mail addresses', () => {
  test('are no columns: a search by one failed, and found nobody', async () => {
    const { crm, fake } = await open();
    const address = "o'hara\\b@example.com";
    const id = fake.seed('Leads', { last_name: 'Hara', email1: address });
    fake.seed('Leads', { last_name: 'Lee', email1: 'lee@example.com' });
    const filter = { module: 'Leads', equals: { email1: address, last_name: 'Hara' }, fields: ['email1'], limit: 5 };
    expect(done(await crm.find(filter))).toMatchObject([{ id, fields: { email1: address } }]);
    expect(done(await crm.searchByEmail({ address: "O'HARA\\B@example.com" })).map((one) => one.id)).toEqual([id]);
    expect(done(await crm.searchByEmail({ address: "x@y' OR '1'='1" }))).toEqual([]);
  });
});
