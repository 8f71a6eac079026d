import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conformance } from '../conformance/index.ts';
import { done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import { subjectOf } from './espocrm-subject.ts';
import { apiUser, startFakeEspoCrm } from './fake.ts';

conformance(subjectOf(startFakeEspoCrm));

describe('EspoCRM - a field for the key', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(
      subjectOf(startFakeEspoCrm, { keyField: 'cPatchcordId', assignedUserId: '6b00cc0e1f8c6117a' }),
    );
  });
  afterEach(() => subject.close());

  test('a call whose answer was lost is found by it, and its text has no key', async () => {
    subject.fake.failNext('lost-answer', ({ path, method }) => method === 'POST' && path.at(-1) === 'Call');
    expect(failureOf(await subject.crm.logCall(entry)).class).toBe('transient');
    expect(done(await subject.crm.logCall(entry)).again).toBe(true);
    expect(subject.fake.loggedCalls().length).toBe(1);
    expect(subject.fake.loggedCalls()[0]?.text).not.toContain(entry.key);
  });

  test('who is assigned is a matter of settings: nobody is asked who we are', async () => {
    done(await subject.crm.logCall(entry));
    expect(subject.fake.calls.map(({ path }) => path.at(-1))).toEqual(['Call']);
    expect(subject.fake.calls[0]?.json).toMatchObject({ assignedUserId: '6b00cc0e1f8c6117a' });
  });
});

test('EspoCRM - a call is about the first of those that its settings name', async () => {
  const subject = await setUp(subjectOf(startFakeEspoCrm, { parents: 'Lead, Case' }));
  const about = [
    { module: 'Account', id: 'a1' },
    { module: 'Case', id: 'c1' },
  ];
  await subject.crm.logCall({ ...entry, about });
  expect(subject.fake.calls.at(-1)?.json).toMatchObject({ parentType: 'Case', parentId: 'c1' });
  await subject.close();
});

describe('EspoCRM - quirks', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf(startFakeEspoCrm, {}));
  });
  afterEach(() => subject.close());
  const ann = { firstName: 'Ann', lastName: 'Other', phoneNumber: number };

  test('what is like a record that is there is refused, and what to do about it is said', async () => {
    done(await subject.crm.create('Contact', ann));
    const failure = failureOf(await subject.crm.create('Contact', ann));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_duplicate', status: 409 });
    expect(failure.message).toContain('duplicates');
    expect(failure.message).not.toMatch(/Ann|4155550123/);
  });

  test('numbers are written as international ones, as it takes no others', async () => {
    const ref = done(await subject.crm.create('Contact', { ...ann, phoneNumber: '(415) 555-0123' }));
    expect(done(await subject.crm.read(ref, ['phoneNumber']))?.fields.phoneNumber).toBe(number);
    const failure = failureOf(await subject.crm.create('Contact', { lastName: 'Bad', phoneNumber: '0199' }));
    expect(failure.message).toContain('phoneNumber failed its check "valid"');
  });

  test('somebody whose second number it is, is found', async () => {
    const phoneNumberData = [
      { phoneNumber: '+14155559876', primary: true },
      { phoneNumber: '+1 (415) 555-0123', primary: false },
    ];
    const id = subject.fake.seed('Contact', { ...ann, phoneNumber: '+14155559876', phoneNumberData });
    const found = done(await subject.crm.searchByPhone({ number }));
    expect(found).toMatchObject({ searched: true, hits: [{ id, field: 'phoneNumberData', match: 'e164' }] });
  });

  test('a call belongs to the API user when nobody of the CRM spoke', async () => {
    done(await subject.crm.logCall(entry));
    const [call] = subject.fake.calls.filter(({ method }) => method === 'POST');
    expect(call?.json).toMatchObject({ assignedUserId: apiUser, dateStart: '2026-11-20 10:00:00' });
  });

  test('of a user that is none of the CRM: permanent, and that it may be the role', async () => {
    const failure = failureOf(await subject.crm.logCall({ ...entry, userId: 'nobody' }));
    expect(failure).toMatchObject({ class: 'permanent', status: 403 });
    expect(failure.message).toContain('role');
  });

  test('a subject with characters that names may not have', async () => {
    done(await subject.crm.logCall({ ...entry, subject: 'Call <sip:ann@pbx> a=b' }));
    expect(subject.fake.loggedCalls()[0]?.text).toContain('Call (sip:ann@pbx) a:b');
  });

  test('another call whose key begins alike is another call', async () => {
    done(await subject.crm.logCall({ ...entry, key: 'i-lab-170' }));
    subject.fake.failNext('lost-answer', ({ path, method }) => method === 'POST' && path.at(-1) === 'Call');
    failureOf(await subject.crm.logCall({ ...entry, key: 'i-lab-17' }));
    const { ref } = done(await subject.crm.logCall({ ...entry, key: 'i-lab-17' }));
    expect(ref.id).toBe(subject.fake.loggedCalls()[1]?.id);
    expect(subject.fake.loggedCalls().length).toBe(2);
  });

  test('a search by an expression, and by one that is none', async () => {
    const id = subject.fake.seed('Contact', ann);
    const search = (expression: string) =>
      subject.crm.find({ module: 'Contact', expression, fields: ['lastName'], limit: 500 });
    const either = { type: 'or', value: [{ type: 'equals', attribute: 'lastName', value: 'Other' }] };
    expect(done(await search(JSON.stringify(either)))).toMatchObject([{ id }]);
    expect(failureOf(await search("lastName = 'Other'")).code).toBe('crm_query');
    const unknown = failureOf(await search('{"type":"equals","attribute":"nope","value":"secret"}'));
    expect(unknown.message).toContain("attribute 'nope'");
  });

  test('a key that is no longer valid: gone', async () => {
    subject.fake.failNext({ status: 401, body: '' });
    expect(failureOf(await subject.crm.test())).toMatchObject({ class: 'destination-gone' });
  });

  test('an entity that is none', async () => {
    expect(failureOf(await subject.crm.listFields('Nope')).message).toContain('Nope');
  });

  test('where people open it', () => {
    const address = subject.crm.deepLink({ module: 'Contact', id: '6b00cdb41ddb071ca' });
    expect(address).toBe(`${subject.fake.url}/#Contact/view/6b00cdb41ddb071ca`);
  });
});
