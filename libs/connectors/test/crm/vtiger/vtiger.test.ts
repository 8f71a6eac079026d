import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quoted } from '../../../src/vtiger/search.ts';
import { conformance } from '../conformance/index.ts';
import { done, entry, failureOf, type Subject, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { startFakeVtiger } from './fake.ts';
import { cloudOf, subjectOf } from './vtiger-subject.ts';

conformance(subjectOf(startFakeVtiger));
conformance(cloudOf(startFakeVtiger));

const operationOf = ({ query, form }: CrmCall): string => query.get('operation') ?? form.get('operation') ?? '';
const isActivity = ({ form }: CrmCall): boolean => form.get('elementType') === 'Events';

describe('webservice.php', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf(startFakeVtiger));
  });
  afterEach(() => subject.close());

  test('one log-in serves all, and the access key is never sent', async () => {
    const { crm, fake } = subject;
    expect(done(await crm.test()).user).toBe('cti');
    done(await crm.logCall(entry));
    expect(fake.calls.map(operationOf).filter((one) => one === 'login').length).toBe(1);
    expect(JSON.stringify(fake.calls.map(({ body, query }) => [body, [...query]]))).not.toContain('pass-4711');
  });

  test('credentials that are refused: gone, and what to mend', async () => {
    const error = { code: 'INVALID_USER_CREDENTIALS', message: 'Invalid username or password' };
    subject.fake.failNext({ body: { success: false, error } }, (call) => operationOf(call) === 'login');
    const failure = failureOf(await subject.crm.test());
    expect(failure).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
    expect(failure.message).toContain('Access Key');
  });

  test('somebody who logs in at the same time takes our token: later it is there', async () => {
    const error = { code: 'INVALID_AUTH_TOKEN', message: 'Specified token is invalid or expired' };
    subject.fake.failNext({ body: { success: false, error } }, (call) => operationOf(call) === 'login');
    expect(failureOf(await subject.crm.test()).class).toBe('transient');
    done(await subject.crm.test());
  });

  test('an activity whose answer was lost is not made again', async () => {
    subject.fake.failNext('lost-answer', isActivity);
    expect(failureOf(await subject.crm.logCall(entry)).class).toBe('transient');
    expect(subject.fake.loggedCalls()).toEqual([]);
    done(await subject.crm.logCall(entry));
    expect(subject.fake.loggedCalls()).toMatchObject([{ direction: 'inbound' }]);
    expect(subject.fake.calls.filter(isActivity).length).toBe(1);
  });

  test('keys that are equal to LIKE are two activities', async () => {
    done(await subject.crm.logCall({ ...entry, key: 'i-lab-17x2E' }));
    done(await subject.crm.logCall({ ...entry, key: 'i-lab-17_2E' }));
    expect(subject.fake.calls.filter(isActivity).length).toBe(2);
  });

  test('an address that is too long for its field stands in the text', async () => {
    const recordingUrl = `https://recordings.example.test/${'r'.repeat(300)}.wav`;
    done(await subject.crm.logCall({ ...entry, recordingUrl }));
    expect(subject.fake.loggedCalls()[0]?.text).toContain(recordingUrl);
  });

  test('an answer that is none: nobody knows whether it was done', async () => {
    subject.fake.failNext({ body: '<b>Warning</b>: foreach() in webservice.php' }, isActivity);
    const failure = failureOf(await subject.crm.logCall(entry));
    expect(failure).toMatchObject({ class: 'transient', code: 'crm_answer' });
  });

  test('a user who is none of Vtiger, and an empty value, are said before anything is written', async () => {
    expect(failureOf(await subject.crm.logCall({ ...entry, userId: 'ann' })).code).toBe('crm_user');
    const filter = { module: 'Contacts', equals: { title: '' }, fields: [], limit: 1 };
    expect(failureOf(await subject.crm.find(filter)).code).toBe('crm_query');
    expect(subject.fake.calls.filter(({ method }) => method === 'POST').map(operationOf)).toEqual([]);
  });

  test('somebody whose number is written as nobody would is found by its last digits', async () => {
    const id = subject.person('415 - 555 - 0123');
    expect(done(await subject.crm.searchByPhone({ number: '+14155550123' }))).toMatchObject({ hits: [{ id }] });
  });

  test('values stay values', () => {
    expect(quoted(`x' OR 1=1`)).toBe(`'x'' OR 1=1'`);
    expect(quoted(`\\' OR 1=1 -- `)).toBe(`'\\\\'' OR 1=1 -- '`);
  });

  test('where people open it: the record without its module', () => {
    const address = subject.crm.deepLink({ module: 'Contacts', id: '12x5' });
    expect(address).toBe(`${subject.fake.url}/index.php?module=Contacts&view=Detail&record=5`);
  });
});

describe('the cloud', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(cloudOf(startFakeVtiger));
  });
  afterEach(() => subject.close());

  test('no session is opened, and a call is one record', async () => {
    done(await subject.crm.logCall(entry));
    expect(new Set(subject.fake.calls.map(({ path }) => path.slice(0, 4).join('/')))).toEqual(
      new Set(['restapi/v1/vtiger/default']),
    );
    expect(subject.fake.calls.filter(({ path }) => path.at(-1) === 'create').length).toBe(1);
  });

  test.each([
    ['x-floodcontrol-minutelimit-remaining', 60_000],
    ['x-ratelimit-dailylimit-remaining', 3_600_000],
  ])('the limit of %s is waited for', async (header, waitMs) => {
    subject.fake.failNext({ status: 429, headers: { [header]: '0' } });
    const before = Date.now();
    const { class: failureClass, retryAt } = failureOf(await subject.crm.test());
    expect(failureClass).toBe('throttled');
    expect((retryAt?.getTime() ?? 0) - before).toBeGreaterThanOrEqual(waitMs);
    expect((retryAt?.getTime() ?? 0) - before).toBeLessThan(waitMs + 10_000);
  });

  test('credentials that are refused: gone', async () => {
    subject.fake.failNext({ status: 401, body: 'Unauthorized' });
    expect(failureOf(await subject.crm.test()).class).toBe('destination-gone');
  });
});
