import { crmConnection } from '@patchcord/contracts';
import { createEgress } from '@patchcord/egress';
import { afterEach, describe, expect, test } from 'vitest';
import { createCrmApi } from '../../../src/crm/api.ts';
import { zendesk } from '../../../src/zendesk/connector.ts';
import { ann, done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { authorization, type Behaviour } from './fake.ts';
import { isLog, subjectOf } from './zendesk-subject.ts';

let subject: Subject;
afterEach(() => subject.close());
const open = async (settings: Record<string, unknown> = {}, behaviour: Behaviour = {}): Promise<Subject> => {
  subject = await setUp(subjectOf(settings, behaviour));
  return subject;
};
const tickets = (): Record<string, unknown>[] =>
  subject.fake.calls.filter(isLog).map(({ json }) => (json as { ticket: Record<string, unknown> }).ticket);
const voices = (): CrmCall[] => subject.fake.calls.filter(({ body }) => body.includes('"voice_comment"'));
const talks = (): CrmCall[] => subject.fake.calls.filter(({ path }) => path.at(-1) === 'calls');
const changes = (): CrmCall[] => subject.fake.calls.filter(({ method }) => method === 'PUT');

describe('search by phone', () => {
  test('by digits behind a star, among end users', async () => {
    await open();
    subject.person(number);
    done(await subject.crm.searchByPhone({ number }));
    expect(subject.fake.calls.map(({ query }) => query.get('query'))).toEqual([
      'type:user phone:*4155550123 role:end-user',
    ]);
  });

  test('agents too, when the terms are left empty', async () => {
    await open({ callerTerms: '' });
    const id = subject.fake.seed('users', { name: 'Bob', phone: '415.555.0123', role: 'agent' });
    expect(done(await subject.crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id }] });
  });

  test('words that are found are no values that are equal', async () => {
    await open();
    subject.fake.seed('users', { name: 'Ann Other' });
    const id = subject.fake.seed('users', { name: 'Ann' });
    const filter = { module: 'users', equals: { name: 'Ann' }, fields: [], limit: 5 };
    expect(done(await subject.crm.find(filter)).map((one) => one.id)).toEqual([id]);
  });

  test('by external id what the index does not know yet', async () => {
    await open({}, { isIndexBehind: true });
    const { id } = done(await subject.crm.create('users', { name: ann.first, external_id: 'c-1' }));
    const find = async (equals: Record<string, string>) =>
      done(await subject.crm.find({ module: 'users', equals, fields: [], limit: 5 }));
    expect(await find({ name: ann.first })).toEqual([]);
    expect(await find({ external_id: 'c-1' })).toMatchObject([{ id }]);
  });
});

describe('calls', () => {
  test('a ticket of the caller and the agent, whose text customers do not see', async () => {
    await open({ ticketStatus: 'solved' });
    const id = subject.person(number);
    const about = [
      { module: 'users', id },
      { module: 'tickets', id: '77' },
    ];
    done(await subject.crm.logCall({ ...entry, about, direction: 'outbound', userId: '30000000001' }));
    expect(tickets()).toMatchObject([
      {
        requester_id: Number(id),
        assignee_id: 30_000_000_001,
        external_id: entry.key,
        via_id: 46,
        status: 'solved',
        comment: { public: false },
      },
    ]);
    expect(subject.fake.loggedCalls()[0]?.text).toContain('Ticket: #77');
  });

  test('what was lost and cannot be found yet is made once by its Idempotency-Key', async () => {
    await open({ callLog: 'voice-comment' }, { isListBehind: true });
    subject.fake.failNext('lost-answer', isLog);
    expect(failureOf(await subject.crm.logCall(entry)).class).toBe('transient');
    done(await subject.crm.logCall(entry));
    expect(subject.fake.loggedCalls().length).toBe(1);
    const keys = subject.fake.calls.filter(isLog).map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(voices().length).toBe(1);
  });

  test('the same key with other words waits until the ticket is found', async () => {
    await open({}, { isListBehind: true });
    subject.fake.failNext('lost-answer', isLog);
    expect(failureOf(await subject.crm.logCall(entry)).class).toBe('transient');
    const failure = failureOf(await subject.crm.logCall({ ...entry, notes: 'other' }));
    expect(failure).toMatchObject({ class: 'transient', code: 'crm_index_lag' });
    expect(subject.fake.loggedCalls().length).toBe(1);
  });

  test('told again, a comment is added only when there is something to say', async () => {
    await open();
    for (const notes of ['one', 'one', 'two', 'two', 'one']) done(await subject.crm.logCall({ ...entry, notes }));
    expect(changes().length).toBe(1);
  });

  test('a recording that comes later is played, once', async () => {
    await open({ callLog: 'voice-comment' });
    const { recordingUrl, ...without } = entry;
    done(await subject.crm.logCall(without));
    expect(voices()).toEqual([]);
    for (let time = 0; time < 2; time += 1) done(await subject.crm.logCall(entry));
    expect(voices().map(({ json }) => json)).toMatchObject([
      { ticket: { voice_comment: { recording_url: recordingUrl, call_duration: 281, from: number } } },
    ]);
  });

  test('a call of Talk Partner Edition whose answer was lost is there once, at the one ticket', async () => {
    await open({ callLog: 'talk-partner', appId: 1352 });
    subject.fake.failNext('lost-answer', ({ path }) => path.at(-1) === 'calls');
    expect(failureOf(await subject.crm.logCall(entry)).class).toBe('transient');
    done(await subject.crm.logCall(entry));
    expect(subject.fake.loggedCalls().length).toBe(1);
    expect(talks().map(({ json }) => json)).toMatchObject([
      {
        call: { app_id: 1352, from_line: number, direction: 'inbound', completion_status: 'completed' },
        comment: { title: entry.subject },
      },
    ]);
  });

  test('a user who is none of Zendesk is said before anything is written', async () => {
    await open();
    expect(failureOf(await subject.crm.logCall({ ...entry, userId: 'ann' })).code).toBe('crm_user');
    expect(tickets()).toEqual([]);
  });
});

describe('when it is no longer known what was written', () => {
  /** Logs a call twice, and notes nothing in between. */
  const logTwice = async (settings: Record<string, unknown>, second: Partial<typeof entry>): Promise<void> => {
    const egress = createEgress();
    const policy = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
    const basics = {
      id: 'crm',
      name: 'CRM',
      connector: 'zendesk',
      baseUrl: subject.fake.url,
      egress: policy,
      settings,
    };
    const unused = (): never => expect.unreachable();
    const api = createCrmApi(zendesk, {
      connection: crmConnection.parse(basics),
      send: (request) => egress.send({ ...request, headers: { ...request.headers, authorization } }),
      sessions: { current: unused },
      logIn: unused,
      region: 'US',
      deadline: Date.now() + 20_000,
    });
    const first = await zendesk.logCall(api, entry);
    expect(await zendesk.logCall(api, { ...entry, ...second })).toEqual(first);
    await egress.close();
  };

  test('the ticket is found by its external id, even with other words', async () => {
    await open();
    await logTwice({}, { notes: 'other words' });
    expect(tickets().length).toBe(1);
    expect(subject.fake.loggedCalls()[0]?.text).toContain('other words');
  });

  test('or Zendesk says that it made it before, and the recording is not added again', async () => {
    await open({}, { isListBehind: true });
    await logTwice({ callLog: 'voice-comment' }, {});
    expect(subject.fake.loggedCalls().length).toBe(1);
    expect(voices().length).toBe(1);
  });
});

describe('failures', () => {
  test.each([
    [{ status: 401, body: { error: "Couldn't authenticate you" } }, 'destination-gone', 'credentials_refused'],
    [{ status: 403, body: { error: 'Forbidden' } }, 'permanent', 'crm_scopes'],
    [{ status: 409, body: { error: 'Conflict' } }, 'transient', 'crm_conflict'],
    [{ status: 422, body: { error: 'RecordInvalid', details: { name: [] } } }, 'permanent', 'crm_refused'],
    [{ status: 503, headers: { 'retry-after': '30' }, body: 'maintenance' }, 'throttled', 'http_503'],
    [{ status: 429 }, 'throttled', 'crm_limit'],
  ])('%j: %s', async (fault, failureClass, code) => {
    await open();
    subject.fake.failNext(fault, ({ method }) => method === 'POST');
    expect(failureOf(await subject.crm.logCall(entry))).toMatchObject({ class: failureClass, code });
  });

  test('which field it was is said', async () => {
    await open();
    const { message } = failureOf(await subject.crm.create('users', { phone: number }));
    expect(message).toBe('Zendesk refused it: RecordInvalid (name)');
  });

  test('nobody is not who we are', async () => {
    await open();
    subject.fake.failNext({ body: { user: { id: null, name: 'Anonymous user' } } });
    expect(failureOf(await subject.crm.test())).toMatchObject({ class: 'destination-gone' });
  });

  test('a key that Zendesk does not know, and a module that it has not', async () => {
    await open();
    const key = { module: 'tickets', field: 'external_id', value: '1' };
    expect(failureOf(await subject.crm.upsert(key, {})).code).toBe('crm_key');
    expect(failureOf(await subject.crm.create('leads', {})).code).toBe('crm_module');
    expect(subject.fake.calls).toEqual([]);
  });
});

describe('fields of an account of its own', () => {
  test('are listed, written and read by the same names', async () => {
    await open();
    const names = async (module: string) => done(await subject.crm.listFields(module)).map(({ name }) => name);
    expect(await names('users')).toContain('user_fields.tier');
    const ofTickets = await names('tickets');
    expect(ofTickets).toContain('custom_fields.360001');
    expect(ofTickets).not.toContain('custom_fields.360002');
    const user = done(await subject.crm.create('users', { name: 'Ann', 'user_fields.tier': 'gold' }));
    expect(done(await subject.crm.read(user, []))?.fields['user_fields.tier']).toBe('gold');
    const values = { comment: 'Hello', 'custom_fields.360001': 'lamp' };
    const ticket = done(await subject.crm.create('tickets', values));
    expect(tickets()).toEqual([{ comment: { body: 'Hello' }, custom_fields: [{ id: 360_001, value: 'lamp' }] }]);
    expect(done(await subject.crm.read(ticket, []))?.fields['custom_fields.360001']).toBe('lamp');
  });
});

test('notes of a user are kept when one is added', async () => {
  await open();
  const id = subject.fake.seed('users', { name: 'Ann', notes: 'before' });
  const user = { module: 'users', id };
  done(await subject.crm.attachNote(user, 'after'));
  expect(done(await subject.crm.read(user, []))?.fields.notes).toBe('before\n\nafter');
});

test('Talk Partner Edition needs an app', async () => {
  await open();
  expect(() => zendesk.parseSettings({ callLog: 'talk-partner' })).toThrow('expected the number of the app');
});
