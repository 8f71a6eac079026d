import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pipedrive } from '../../../src/pipedrive/connector.ts';
import { call as callData, dataOf, field, found, item } from '../../../src/pipedrive/wire.ts';
import { conformance, type FakeCrm } from '../conformance/index.ts';
import { bea, type Conformance, done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import { contractFile, readContract } from '../openapi.ts';
import { startFakePipedrive, token } from './fake.ts';
import { customField } from './schema.ts';

const fakes: FakeCrm[] = [];
type Settings = ReturnType<typeof pipedrive.parseSettings>;

const subjectOf = (settings: object = {}): Conformance<Settings> => ({
  connector: pipedrive,
  start: async () => {
    const fake = await startFakePipedrive();
    fakes.push(fake);
    return fake;
  },
  connection: () => ({ settings: { company: 'acme', ...settings } }),
  headers: { 'x-api-token': token },
  person: {
    module: 'persons',
    values: ({ first, last }, phone) => ({ name: `${first} ${last}`, phone }),
    phoneField: 'phone',
    change: [customField, 'Countess'],
  },
  user: {
    module: 'users',
    values: { name: bea.name, email: bea.email, active_flag: true },
    told: { name: bea.name, email: bea.email, active: true },
  },
  linkFrom: { module: 'deals', values: { title: 'Ten of them', value: '100' } },
  throttled: {
    status: 429,
    headers: { 'x-ratelimit-reset': '2' },
    body: { success: false, error: 'request over limit' },
  },
  refused: {
    status: 400,
    body: { success: false, error: 'Validation failed: to_phone_number "+14155550123" is wrong', data: null },
  },
  isLog: ({ method, path }) => method === 'POST' && path[1] === 'callLogs',
});

conformance(subjectOf());

const isLog = subjectOf().isLog;

describe('calls', () => {
  let subject: Subject;
  const open = async (settings: object = {}): Promise<Subject> => {
    subject = await setUp(subjectOf(settings));
    return subject;
  };
  afterEach(() => subject.close());
  const written = () => subject.fake.calls.findLast(isLog)?.json;

  test('durations are texts, times those of UTC without a zone, and markup in notes is text', async () => {
    const { crm } = await open();
    done(await crm.logCall({ ...entry, disposition: 'Left voicemail' }));
    expect(written()).toMatchObject({
      duration: '281',
      start_time: '2026-11-20 10:00:00',
      outcome: 'left_voicemail',
      to_phone_number: entry.to,
      from_phone_number: number,
    });
    expect((written() as { note: string }).note).toContain('&lt;b&gt;wants&lt;/b&gt;');
  });

  test('times as in RFC 3339, where an account wants them', async () => {
    const { crm, fake } = await open({ times: 'iso' });
    done(await crm.logCall(entry));
    expect(written()).toMatchObject({ start_time: entry.startedAt });
    expect(fake.loggedCalls()[0]?.startedAt).toBe(entry.startedAt);
  });

  test('at one record of a kind, and not at a deal and a lead', async () => {
    const { crm, fake, person } = await open();
    const [first, second] = [person(number), person(number)];
    const lead = fake.seed('leads', { title: 'New' });
    const about = [
      { module: 'persons', id: first },
      { module: 'persons', id: second },
      { module: 'leads', id: lead },
      { module: 'deals', id: fake.seed('deals', { title: 'Ten' }) },
    ];
    done(await crm.logCall({ ...entry, about }));
    expect(fake.loggedCalls()).toMatchObject([{ about: [first, lead] }]);
  });

  test('one whose answer was lost is found far back, among others with a key that begins alike', async () => {
    const { crm, fake } = await open();
    fake.failNext('lost-answer', isLog);
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
    for (let more = 0; more < 3; more += 1) done(await crm.logCall({ ...entry, key: `${entry.key}${more}` }));
    for (let more = 0; more < 60; more += 1) fake.seed('callLogs', { note: 'by others' });
    const count = fake.loggedCalls().length;
    expect(done(await crm.logCall(entry))).toMatchObject({ again: true });
    expect(fake.loggedCalls().length).toBe(count);
  });

  test('one that is further back than calls are listed is found by its activity', async () => {
    const { crm, fake } = await open({ lookBack: 50 });
    for (let before = 0; before < 60; before += 1) fake.seed('callLogs', { note: 'by others' });
    fake.failNext('lost-answer', isLog);
    expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
    expect(done(await crm.logCall(entry))).toMatchObject({ again: true, ref: { module: 'activities' } });
    expect(fake.loggedCalls().length).toBe(61);
  });

  test('a note that a mapping gives keeps the key, so a lost answer is looked up', async () => {
    const { crm, fake } = await open();
    const mapped = { ...entry, fields: { note: '<p>Mapped</p>' } };
    for (let before = 0; before < 60; before += 1) fake.seed('callLogs', { note: 'by others' });
    fake.failNext('lost-answer', isLog);
    expect(failureOf(await crm.logCall(mapped)).class).toBe('transient');
    expect(done(await crm.logCall(mapped))).toMatchObject({ again: true });
    expect(fake.loggedCalls().filter(({ text }) => text.includes('Mapped')).length).toBe(1);
  });

  test('in the name of its agent it is found by its activity: calls of others are not listed', async () => {
    const { crm, fake } = await open({ callsOfAgents: true });
    const theirs = { ...entry, userId: '77' };
    fake.failNext('lost-answer', isLog);
    expect(failureOf(await crm.logCall(theirs)).class).toBe('transient');
    expect(written()).toMatchObject({ user_id: 77 });
    expect(done(await crm.logCall(theirs))).toMatchObject({ again: true, ref: { module: 'activities' } });
    expect(fake.loggedCalls().length).toBe(1);
  });
});

describe('records', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf());
  });
  afterEach(() => subject.close());

  test('who sets the number that counts keeps the others', async () => {
    const { crm } = subject;
    const ref = done(await crm.create('persons', { name: 'Ann', phones: ['+14155550100', number] }));
    done(await crm.update(ref, { phone: '+14155550111', email: 'ann@example.test' }));
    const { fields } = done(await crm.read(ref, ['phones'])) ?? {};
    expect(fields).toMatchObject({
      phone: '+14155550111',
      phones: ['+14155550111', '+14155550100', number],
      email: 'ann@example.test',
    });
    expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ field: 'phones' }] });
  });

  test('fields that are asked for with callers are read, those of the company too', async () => {
    const { crm } = subject;
    done(await crm.create('persons', { name: 'Ann', phone: number, [customField]: 'Gold' }));
    const result = done(await crm.searchByPhone({ number, fields: [customField] }));
    expect(result).toMatchObject({ hits: [{ fields: { [customField]: 'Gold' }, modifiedAt: '2026-11-20T10:00:00Z' }] });
  });

  test('one search finds who is kept by digits', async () => {
    const { fake, person } = subject;
    const id = person('14155550123');
    const digits = await setUp({ ...subjectOf({ digitsOnly: true }), start: () => Promise.resolve(fake) });
    const before = fake.calls.length;
    expect(done(await digits.crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id }] });
    expect(fake.calls.slice(before).map(({ query }) => query.get('term'))).toEqual(['4155550123']);
  });

  test('deals of a person, leads by a field of the company, and filters that somebody made', async () => {
    const { crm, person } = subject;
    const id = person(number);
    const ask = { fields: [], limit: 5 };
    const deal = done(await crm.create('deals', { title: 'Ten', person_id: id, value: '100' }));
    const lead = done(await crm.create('leads', { title: 'New', person_id: id, [customField]: 'Gold' }));
    const idsOf = async (filter: object) =>
      done(await crm.find({ ...ask, module: 'persons', ...filter })).map((one) => one.id);
    expect(await idsOf({ module: 'deals', equals: { person_id: id } })).toEqual([deal.id]);
    expect(await idsOf({ module: 'deals', equals: { title: 'ten', value: 99 } })).toEqual([]);
    expect(await idsOf({ module: 'leads', equals: { [customField]: 'Gold' } })).toEqual([lead.id]);
    expect(await idsOf({ expression: '7' })).toEqual([id]);
    for (const filter of [{ expression: 'name = "Ann"' }, { equals: { birthday: '2000-01-01' } }])
      expect(failureOf(await crm.find({ ...ask, module: 'persons', ...filter })).code).toBe('crm_query');
  });

  test('links whichever way there is a field for it', async () => {
    const { crm, person } = subject;
    const id = person(number);
    const deal = done(await crm.create('deals', { title: 'Ten' }));
    done(await crm.link({ module: 'persons', id }, deal));
    expect(done(await crm.read(deal, ['person_id']))?.fields.person_id).toBe(Number(id));
    const failure = failureOf(await crm.link(deal, deal));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_link' });
  });

  test('fields of leads, and their choices; of what has none, a reason', async () => {
    const { crm } = subject;
    expect(done(await crm.listFields('leads'))).toMatchObject([
      { name: 'title', required: true, writable: true },
      { name: customField, type: 'choice', writable: true, choices: [{ value: '190', label: 'Private person' }] },
    ]);
    expect(failureOf(await crm.listFields('callLogs')).code).toBe('crm_module');
  });

  test('the address of a record is that of the company', () => {
    const settings = pipedrive.parseSettings({});
    const of = (baseUrl: string) => pipedrive.deepLink({ baseUrl, settings }, { module: 'deals', id: '5' });
    expect(of('https://acme.pipedrive.com')).toBe('https://acme.pipedrive.com/deal/5');
    expect(of('https://api.pipedrive.com')).toBeUndefined();
  });
});

describe('what its answers mean', () => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await setUp(subjectOf());
  });
  afterEach(() => subject.close());

  test.each([
    ['a burst', { status: 429, headers: { 'x-ratelimit-reset': '2' } }, 'crm_limit', 2],
    ['a burst of which nothing is said', { status: 429 }, 'crm_limit', 2],
    ['a day', { status: 429, headers: { 'x-daily-ratelimit-token-remaining': '-3' } }, 'crm_quota', 3600],
    ['a day, as it was called before', { status: 429, headers: { 'x-daily-requests-left': '0' } }, 'crm_quota', 3600],
    ['what it says itself', { status: 429, headers: { 'retry-after': '7' } }, 'crm_limit', 7],
    ['kept out', { status: 403, body: '<html>Attention Required</html>' }, 'crm_blocked', 900],
  ])('wait: %s', async (_, fault, code, seconds) => {
    subject.fake.failNext(fault);
    const failure = failureOf(await subject.crm.test());
    expect(failure).toMatchObject({ class: 'throttled', code });
    expect(Math.round(((failure.retryAt?.getTime() ?? 0) - Date.now()) / 1000)).toBe(seconds);
  });

  test.each([
    [401, { success: false, error: 'unauthorized access', errorCode: 401 }, 'destination-gone', 'credentials_refused'],
    [402, { success: false }, 'destination-gone', 'account_closed'],
    [403, { success: false, error: 'no', code: 'feature_capping_deals_limit' }, 'permanent', 'crm_plan'],
    [403, { success: false, error: 'Scope and URL mismatch' }, 'permanent', 'crm_forbidden'],
    [200, { success: false, error: 'something' }, 'permanent', 'crm_refused'],
    [500, { success: false, error: 'oops' }, 'transient', 'http_500'],
  ])('%i %j: %s', async (status, body, failureClass, code) => {
    subject.fake.failNext({ status, body });
    expect(failureOf(await subject.crm.test())).toMatchObject({ class: failureClass, code });
  });

  test('fields are named, values are not', async () => {
    const error = 'Validation failed: emails ann@example.test, "Ann" and +1 415 555 0123 are wrong';
    subject.fake.failNext({ status: 400, body: { success: false, error } });
    const { message } = failureOf(await subject.crm.test());
    expect(message).toContain('Validation failed: emails');
    expect(message).not.toMatch(/ann@|"Ann"|555/);
  });
});

const files = [contractFile('pipedrive/openapi-v1.yaml'), contractFile('pipedrive/openapi-v2.yaml')];

describe.skipIf(files.includes(undefined))('contracts (need ../shared/contracts)', () => {
  const [old, latest] = files.map((file, at) =>
    file === undefined ? undefined : readContract(file, at === 0 ? ['v1'] : ['api', 'v2']),
  );

  test('requests are as Pipedrive describes them', () => {
    const calls = fakes.flatMap((fake) => fake.calls);
    const faults = calls.flatMap((call) => {
      const contract = call.path[0] === 'v1' ? old : latest;
      return (contract?.faultsOf(call) ?? ['no such operation']).map(
        (fault) => `${call.method} ${call.path.join('/')} ${fault}`,
      );
    });
    // Fields of a company's own stand among the others of a lead; its description does not say so.
    expect(faults.filter((fault) => !fault.endsWith(`v1/leads body.${customField}: unknown`))).toEqual([]);
    expect(calls.length).toBeGreaterThan(100);
  });

  test('the answers that it gives as examples are understood', () => {
    const answerOf = (example: unknown) => ({ status: 200, headers: {}, text: '', json: example });
    const data = (contract: typeof old, path: string, status = '200') =>
      answerOf(contract?.exampleOf('get', path, status));
    expect(dataOf(data(latest, '/persons/search'), found).items.length).toBe(1);
    for (const path of ['/persons/{id}', '/organizations/{id}', '/deals/{id}'])
      expect(dataOf(data(latest, path), item).id).toBe(1);
    expect(dataOf(data(latest, '/personFields'), field.array()).length).toBe(3);
    expect(dataOf(data(old, '/leadFields'), field.array()).length).toBe(2);
    expect(dataOf(data(old, '/callLogs'), callData.array()).length).toBe(2);
    expect(dataOf(data(old, '/leads/{id}'), item).title).toBe('Jane Doe Lead');
    expect(dataOf(data(old, '/users/me'), item).name).toBe('Me');
  });
});
