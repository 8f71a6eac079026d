import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conformance } from '../conformance/index.ts';
import { done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import { contractFile, readContract } from '../openapi.ts';
import { seen } from './fake.ts';
import { fakes, keyed, subjectOf, unkeyed } from './subject.ts';

describe('with a property of unique values', () => conformance(subjectOf(keyed)));
describe('without one', () => conformance(subjectOf(unkeyed)));

const isAssociation = ({ method }: { method: string }): boolean => method === 'PUT';
const isCreate = ({ method, path }: { method: string; path: readonly string[] }): boolean =>
  method === 'POST' && path.join('/') === 'crm/v3/objects/calls';

describe('calls', () => {
  let subject: Subject;
  const open = async (settings: object, lagMs = 0): Promise<Subject> => {
    subject = await setUp(subjectOf(settings, lagMs));
    return subject;
  };
  afterEach(() => subject.close());

  test('while its search may miss a call whose answer was lost, it is not written again', async () => {
    const { crm, fake } = await open({ searchLagMs: 700 }, 400);
    fake.failNext('lost-answer', isCreate);
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
    expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'crm_index_lag' });
    const logged = () => crm.logCall(entry);
    await expect
      .poll(logged, { timeout: 5000, interval: 50 })
      .toMatchObject({ outcome: 'done', value: { again: true } });
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('what never came to be written is, once the search would know it', async () => {
    const { crm, fake } = await open({ searchLagMs: 300 }, 100);
    fake.failNext({ status: 503, body: 'down' }, isCreate);
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
    const logged = () => crm.logCall(entry);
    await expect
      .poll(logged, { timeout: 5000, interval: 50 })
      .toMatchObject({ outcome: 'done', value: { again: false } });
    expect(fake.loggedCalls().length).toBe(1);
  });

  test('an association that is throttled is made later, and the call not again', async () => {
    for (const settings of [keyed, { searchLagMs: 60_000 }]) {
      const { crm, fake, person } = await open(settings, 60_000);
      const about = [{ module: 'contacts', id: person(number) }];
      fake.failNext(subjectOf({}).throttled, isAssociation);
      expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('throttled');
      done(await crm.logCall({ ...entry, about }));
      expect(fake.loggedCalls()).toMatchObject([{ about: [about[0]?.id] }]);
      await subject.close();
    }
    await open({});
  });

  test('durations in milliseconds, numbers, the outcome by its name, and markup as text', async () => {
    const { crm, fake } = await open(keyed);
    const disposition = 'Left voicemail';
    done(await crm.logCall({ ...entry, disposition, recordingUrl: 'http://recordings.example.test/1', userId: '77' }));
    const { json } = fake.calls.find(({ path }) => path.includes('upsert')) ?? {};
    const [{ id, idProperty, properties }] = (
      json as { inputs: [{ id: string; idProperty: string; properties: Record<string, string> }] }
    ).inputs;
    expect({ id, idProperty }).toEqual({ id: entry.key, idProperty: 'cti_call_key' });
    expect(properties).toMatchObject({
      hs_call_duration: '281000',
      hs_call_disposition: 'b2cf5968-551e-4856-9783-52b3da59a7d0',
      hs_call_from_number: number,
      hubspot_owner_id: '77',
      cti_call_key: entry.key,
    });
    expect(properties).not.toHaveProperty('hs_call_recording_url');
    expect(properties.hs_call_body).toContain('&lt;b&gt;wants&lt;/b&gt;');
    expect(seen(properties.hs_call_body ?? '')).toContain(`${entry.notes}\nDisposition: Left voicemail`);
  });

  test('fields that a mapping gives win, but not over our key', async () => {
    const { crm, fake } = await open(unkeyed);
    done(await crm.logCall({ ...entry, fields: { hs_call_status: 'BUSY', hs_call_external_id: 'theirs' } }));
    const { json } = fake.calls.find(isCreate) ?? {};
    expect(json).toMatchObject({ properties: { hs_call_status: 'BUSY', hs_call_external_id: entry.key } });
  });
});

describe('records', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf(keyed));
  });
  afterEach(() => subject.close());

  test('a ticket for somebody is made and associated in one step', async () => {
    const { crm, fake, person } = subject;
    const id = person(number);
    const before = fake.calls.length;
    const values = { subject: 'Broken', hs_pipeline_stage: '1', associated_contact: id };
    done(await crm.create('tickets', values));
    expect(fake.calls.slice(before)).toMatchObject([
      { json: { properties: { subject: 'Broken', hs_pipeline_stage: '1' }, associations: [{ to: { id } }] } },
    ]);
  });

  test('companies are found by the ways in which people write their numbers', async () => {
    const { crm, fake } = subject;
    for (const phone of [number, '(415) 555-0123', '415.555.0123']) {
      const id = fake.seed('companies', { name: 'Acme', phone });
      const found = done(await crm.searchByPhone({ number, modules: ['companies'] }));
      expect(found.searched && found.hits.map((hit) => hit.id)).toContain(id);
    }
  });

  test('an expression is its filterGroups; one that is none says how it should look', async () => {
    const { crm, person } = subject;
    const id = person(number);
    const filters = [{ propertyName: 'lastname', operator: 'EQ', value: "O'Hara & Söhne" }];
    const filter = { module: 'contacts', fields: [], limit: 500 };
    const find = (expression: string, firstname: string) => crm.find({ ...filter, expression, equals: { firstname } });
    expect(done(await find(JSON.stringify([{ filters }]), 'Ann')).map((one) => one.id)).toEqual([id]);
    expect(done(await find(JSON.stringify([{ filters }]), 'Bob'))).toEqual([]);
    expect(failureOf(await find('lastname = "Ada"', 'Ann'))).toMatchObject({ class: 'permanent', code: 'crm_query' });
  });

  test('modules of the account itself, where the token may see them', async () => {
    const { crm, fake } = subject;
    expect(done(await crm.listModules())).toContainEqual({ name: '2-3453932', label: 'Cars', isCustom: true });
    fake.failNext({ status: 403, body: { category: 'MISSING_SCOPES' } });
    expect(done(await crm.listModules()).map(({ name }) => name)).toContain('contacts');
  });
});

describe('what its answers mean', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf(keyed));
  });
  afterEach(() => subject.close());

  const limit = (policyName: string) => ({ status: 'error', errorType: 'RATE_LIMIT', policyName, message: '' });
  test.each([
    ['a second', { status: 429, body: limit('SECONDLY') }, 'crm_limit', 1],
    ['ten seconds', { status: 429, body: limit('TEN_SECONDLY_ROLLING') }, 'crm_limit', 10],
    ['the newer form', { status: 429, body: { category: 'RATE_LIMITS', message: 'secondly limit' } }, 'crm_limit', 1],
    ['a day', { status: 429, body: limit('DAILY') }, 'crm_quota', 3600],
    [
      'a day, by its header',
      { status: 429, headers: { 'x-hubspot-ratelimit-daily-remaining': '0' } },
      'crm_quota',
      3600,
    ],
    ['what it says itself', { status: 429, headers: { 'retry-after': '7' }, body: limit('DAILY') }, 'crm_quota', 7],
    ['a move', { status: 477, headers: { 'retry-after': '30' } }, 'crm_moving', 30],
  ])('wait: %s', async (_, fault, code, seconds) => {
    subject.fake.failNext(fault);
    const failure = failureOf(await subject.crm.test());
    expect(failure).toMatchObject({ class: 'throttled', code });
    expect(Math.round(((failure.retryAt?.getTime() ?? 0) - Date.now()) / 1000)).toBe(seconds);
  });

  test.each([
    [401, { category: 'INVALID_AUTHENTICATION' }, 'destination-gone', 'credentials_refused'],
    [401, { category: 'EXPIRED_AUTHENTICATION' }, 'transient', 'token_expired'],
    [403, { category: 'MISSING_SCOPES' }, 'permanent', 'crm_scopes'],
    [409, { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 51' }, 'permanent', 'crm_conflict'],
    [423, {}, 'transient', 'crm_locked'],
    [502, 'Bad Gateway', 'transient', 'http_502'],
    [400, 'no JSON at all', 'permanent', 'crm_refused'],
  ])('%i %j: %s', async (status, body, failureClass, code) => {
    subject.fake.failNext({ status, body });
    expect(failureOf(await subject.crm.test())).toMatchObject({ class: failureClass, code });
  });

  test('scopes and properties are named, values are not', async () => {
    const context = { requiredGranularScopes: ['crm.objects.contacts.read'], propertyValue: ['ann@example.test'] };
    const errors = [{ message: 'ann@example.test', code: 'SCOPE', context }];
    subject.fake.failNext({ status: 403, body: { category: 'MISSING_SCOPES', message: 'ann@example.test', errors } });
    const { message } = failureOf(await subject.crm.test());
    expect(message).toContain('crm.objects.contacts.read');
    expect(message).not.toContain('ann@');
  });

  test('one of a batch that failed is a failure, though the answer is none', async () => {
    const failure = failureOf(await subject.crm.logCall({ ...entry, fields: { nope: '1' } }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_refused' });
    expect(failure.message).toContain('PROPERTY_DOESNT_EXIST, nope');
  });
});

const contacts = contractFile('hubspot/crm.contact.yaml');

describe('contracts', () => {
  test.skipIf(contacts === undefined)('requests are as HubSpot describes them (needs ../shared/contracts)', () => {
    const kinds = { contact: 'contacts', company: 'companies', ticket: 'tickets', property: '' };
    const checked = Object.entries(kinds).map(([name, kind]) => {
      const { faultsOf } = readContract(contractFile(`hubspot/crm.${name}.yaml`) ?? '');
      const calls = fakes.flatMap((fake) => fake.calls).filter(({ path }) => kind === '' || path[3] === kind);
      // The description is older than associations that are made with a record.
      const faults = calls
        .flatMap((call) => faultsOf(call) ?? [])
        .filter((one) => one !== 'body.associations: unknown');
      expect(faults).toEqual([]);
      return calls.filter((call) => faultsOf(call) !== undefined).length;
    });
    for (const count of checked) expect(count).toBeGreaterThan(0);
  });

  test.skipIf(contacts === undefined)('calls are objects like others, and written like them', () => {
    const { faultsOf } = readContract(contacts ?? '');
    const calls = fakes.flatMap((fake) => fake.calls).filter(({ path }) => path[3] === 'calls' && path[4] !== 'batch');
    const like = calls.map((call) => ({ ...call, path: ['crm', 'v3', 'objects', 'contacts', ...call.path.slice(4)] }));
    expect(like.flatMap((call) => faultsOf(call) ?? ['no such operation'])).toEqual([]);
    expect(like.length).toBeGreaterThan(0);
  });
});
