import { expect, onTestFinished, test } from 'vitest';
import { serviceNow } from '../../../src/servicenow/connector.ts';
import { conformance } from '../conformance/index.ts';
import { ann, bea, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { contractFile, readContract } from '../openapi.ts';
import { basic, type FakeServiceNow, startFakeServiceNow } from './fake.ts';

const all: CrmCall[] = [];

const subjectOf = (settings: object, start: () => Promise<FakeServiceNow> = startFakeServiceNow) => ({
  connector: serviceNow,
  start: async () => {
    const fake = await start();
    onTestFinished(() => void all.push(...fake.calls));
    return fake;
  },
  connection: () => ({ settings: { callKeyColumn: 'u_call_id', ...settings } }),
  headers: { authorization: basic },
  person: {
    module: 'sys_user',
    values: (name: { first: string; last: string }, phone: string) => ({
      first_name: name.first,
      last_name: name.last,
      mobile_phone: phone,
    }),
    phoneField: 'mobile_phone',
    change: ['title', "Countess d'O\\Hara <b>"] as const,
  },
  throttled: {
    status: 429,
    headers: { 'X-RateLimit-Limit': '10', 'X-RateLimit-Rule': 'Table API +14155550123', 'Retry-After': '1200' },
    body: {
      error: { message: 'Rate limit exceeded', detail: 'Rate limit of 10 requests per hour for Table API exceeded' },
      status: 'failure',
    },
  },
  refused: {
    status: 403,
    body: { error: { message: 'Operation Failed', detail: 'ACL Exception for +14155550123' }, status: 'failure' },
  },
  user: {
    module: 'sys_user',
    values: { first_name: 'Bea', last_name: 'Agent', email: bea.email, user_name: bea.username, active: 'true' },
    told: { ...bea, active: true },
  },
  linkFrom: { module: 'interaction', values: { short_description: 'A call', type: 'phone' } },
  noteTo: { module: 'incident', values: { short_description: 'It is broken', caller_id: 'x' } },
  isLog: ({ method, path }: CrmCall) => method === 'POST' && path[3] === 'interaction',
});

conformance(subjectOf({}));

/** A connector at a fake. */
async function open(settings: object = {}, options: Parameters<typeof startFakeServiceNow>[0] = {}) {
  const fake = await startFakeServiceNow(options);
  const subject = await setUp(subjectOf(settings, () => Promise.resolve(fake)));
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

const filter = { module: 'incident', fields: ['short_description'], limit: 10 };
const queried = (fake: FakeServiceNow, table: string): string[] =>
  fake.calls.filter(({ path }) => path[3] === table).map(({ query }) => query.get('sysparm_query') ?? '');
const notesOf = (fake: FakeServiceNow, id: string) =>
  fake.rowsOf('sys_journal_field').filter(({ values }) => values.element_id === id);

test('a search with a column that does not exist is refused, instead of finding anybody', async () => {
  const { crm, fake } = await open();
  fake.seed('incident', { short_description: 'It is broken' });
  for (const wrong of [
    { equals: { shrot_description: 'x' } },
    { expression: 'active=true^ORcaller_id.phnoe=1' },
    { expression: 'short_description.name=x' },
    { expression: 'ORDERBYopend_at' },
  ]) {
    const failure = failureOf(await crm.find({ ...filter, ...wrong }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_unknown_column' });
    expect(failure.message).toMatch(/shrot_description|caller_id.phnoe|short_description.name|opend_at/);
  }
  expect(queried(fake, 'incident')).toEqual([]);
});

test('columns that a table inherits, and those of a record that it refers to, are known', async () => {
  const { crm, fake } = await open();
  const caller = fake.seed('customer_contact', { last_name: 'Lee', phone: '1' });
  const id = fake.seed('incident', { short_description: 'It is broken', caller_id: caller, priority: '1' });
  fake.seed('incident', { short_description: 'It is broken', priority: '2' });
  const expression = 'short_descriptionLIKEbroken^caller_id.phone=1^NQpriority=3';
  expect(done(await crm.find({ ...filter, equals: { priority: 1 }, expression })).map((one) => one.id)).toEqual([id]);
  expect(queried(fake, 'incident')).toEqual([
    'priority=1^short_descriptionLIKEbroken^caller_id.phone=1^NQpriority=1^priority=3^ORDERBYDESCsys_updated_on',
  ]);
});

test('a value that would be a condition, or a script, is refused', async () => {
  const { crm, fake } = await open();
  for (const value of ['x^ORactive=true', 'javascript:gs.getUserID()']) {
    const failure = failureOf(await crm.find({ ...filter, equals: { short_description: value } }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'crm_query' });
    expect(failure.message).not.toContain('active');
  }
  const nothing = failureOf(await crm.find({ ...filter, expression: 'Name is Ann' }));
  expect(nothing.message).toContain('short_descriptionLIKE');
  expect(fake.calls).toEqual([]);
});

test('without a look into the dictionary nothing is searched for', async () => {
  const { crm, fake } = await open({}, { hidden: ['sys_dictionary'] });
  expect(failureOf(await crm.find({ ...filter, equals: { priority: 1 } }))).toMatchObject({ code: 'crm_forbidden' });
  const none = failureOf(await crm.find({ ...filter, module: 'incidnet', equals: { priority: 1 } }));
  expect(none).toMatchObject({ code: 'crm_dictionary' });
  expect(queried(fake, 'incident')).toEqual([]);
});

test('whoever comes for a telephone column that does not exist is nobody', async () => {
  const { crm, fake } = await open({}, { lost: ['csm_consumer.mobile_phone'] });
  fake.seed('csm_consumer', { last_name: 'Other', phone: '+14155550199' });
  const id = fake.seed('csm_consumer', { last_name: 'Lee', phone: number });
  expect(done(await crm.searchByPhone({ number }))).toMatchObject({ hits: [{ id, module: 'csm_consumer' }] });
  expect(failureOf(await crm.test()).message).toContain('csm_consumer.mobile_phone');
  const { crm: told } = await open(
    { withoutColumns: 'csm_consumer.mobile_phone, sys_user.home_phone' },
    { lost: ['csm_consumer.mobile_phone'], isStrict: true },
  );
  expect(done(await told.test()).user).toBe('cti');
});

test('a contact, who is a user as well, is found once; tables of another application are passed over', async () => {
  const { crm, fake } = await open({}, { without: ['csm_consumer'] });
  const id = fake.seed('customer_contact', { first_name: 'Ann', last_name: 'Lee', phone: '(415) 555-0123' });
  for (const one of fake.rowsOf('customer_contact')) one.values.sys_class_name = 'customer_contact';
  const found = done(await crm.searchByPhone({ number }));
  expect(found).toMatchObject({ hits: [{ id, module: 'customer_contact', name: 'Ann Lee' }] });
  expect(found.searched && found.hits.length).toBe(1);
});

test.each([false, true])('a column that keeps no key is told of; strict queries: %s', async (isStrict) => {
  const { crm, fake } = await open({ callKeyColumn: 'correlation_id' }, { isStrict });
  expect(failureOf(await crm.test())).toMatchObject({ code: 'crm_key_column' });
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'permanent', code: 'crm_key_column' });
  done({ outcome: 'done', value: await crm.logCall(entry) });
  expect(fake.loggedCalls().length).toBe(1);
});

test('a call that others know nothing of is looked for before it is made', async () => {
  const { crm, fake } = await open();
  const id = fake.seed('interaction', { u_call_id: entry.key, short_description: 'made by another replica' });
  expect(done(await crm.logCall(entry)).ref).toEqual({ module: 'interaction', id });
  expect(fake.loggedCalls().length).toBe(1);
});

test('told again, the journal has no note twice, nor the call a link', async () => {
  const { crm, fake } = await open();
  const incident = fake.seed('incident', { short_description: 'It is broken' });
  const about = [
    { module: 'sys_user', id: fake.seed('sys_user', { last_name: 'Lee' }) },
    { module: 'incident', id: incident },
  ];
  const { ref } = done(await crm.logCall({ ...entry, about }));
  done(await crm.logCall({ ...entry, about }));
  expect(notesOf(fake, ref.id).length).toBe(1);
  expect(fake.rowsOf('interaction_related_record').map(({ values }) => values)).toMatchObject([
    { interaction: ref.id, document_table: 'incident', document_id: incident, type: 'task' },
  ]);
  done(await crm.logCall({ ...entry, about, notes: 'and more' }));
  expect(notesOf(fake, ref.id).length).toBe(2);
});

test('killed before the link: it is linked when told again, and not made again', async () => {
  const { crm, fake } = await open();
  const incident = fake.seed('incident', { short_description: 'It is broken' });
  const about = [{ module: 'incident', id: incident }];
  fake.failNext('lost-answer', ({ method, path }) => method === 'POST' && path[3] === 'interaction_related_record');
  expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('transient');
  done(await crm.logCall({ ...entry, about }));
  expect(fake.loggedCalls()).toMatchObject([{ about: ['', incident] }]);
});

test('choices are as the settings say; empty ones are not sent', async () => {
  const { crm, fake } = await open({ callType: 'telephone', callChannel: '', stateUnanswered: 'abandoned' });
  const { ref } = done(await crm.logCall({ ...entry, outcome: 'missed', userId: 'u1', fields: { state: 'new' } }));
  const values = fake.rowsOf('interaction').find(({ id }) => id === ref.id)?.values;
  expect(values).toMatchObject({ type: 'telephone', state: 'new', assigned_to: 'u1' });
  expect(values).not.toHaveProperty('channel');
});

test('what is written into columns that do not exist is told of', async () => {
  const { crm, fake } = await open();
  const failure = failureOf(await crm.create('incident', { short_description: 'x', sevrity: 1 }));
  expect(failure).toMatchObject({ code: 'crm_unknown_column' });
  expect(failure.message).toContain('sevrity; the record was made');
  const id = fake.seed('incident', {});
  done(await crm.update({ module: 'incident', id }, { opened_at: '2026-11-20T11:00:00+01:00' }));
  const read = done(await crm.read({ module: 'incident', id }, ['opened_at']));
  expect(read).toMatchObject({ fields: { opened_at: '2026-11-20 10:00:00' }, modifiedAt: '2026-11-20T10:00:00Z' });
});

test('notes stand where there are work notes, and links at interactions', async () => {
  const { crm, fake, person } = await open();
  const user = { module: 'sys_user', id: person(number, ann) };
  expect(failureOf(await crm.attachNote(user, 'x'))).toMatchObject({ code: 'crm_no_notes' });
  expect(failureOf(await crm.link(user, user))).toMatchObject({ code: 'crm_link' });
  const call = { module: 'interaction', id: fake.seed('interaction', {}) };
  done(await crm.link(user, call));
  done(await crm.link(call, user));
  expect(fake.rowsOf('interaction_related_record').length).toBe(1);
});

test('fields with their own labels, and one label of each choice', async () => {
  const { crm } = await open();
  const fields = done(await crm.listFields('incident'));
  expect(fields.find(({ name }) => name === 'priority')).toMatchObject({
    type: 'choice',
    choices: [
      { value: '1', label: 'en 1' },
      { value: '2', label: 'en 2' },
    ],
  });
  expect(fields.find(({ name }) => name === 'caller_id')).toMatchObject({ type: 'reference', required: true });
});

test.each([
  [{ status: 401, body: { error: { message: 'User Not Authenticated', detail: 'x' } } }, 'destination-gone'],
  [{ status: 200, body: '<html>Your instance is hibernating</html>' }, 'transient'],
  [{ status: 200, body: { result: [], error: { message: 'Transaction cancelled' }, status: 'failure' } }, 'transient'],
  [
    { status: 500, body: { error: { message: 'Transaction cancelled', detail: 'maximum execution time' } } },
    'transient',
  ],
  [{ status: 400, body: { error: { message: 'Invalid table interaction', detail: null } } }, 'permanent'],
])('what an answer means: %o', async (fault, failureClass) => {
  const { crm, fake } = await open();
  fake.failNext(fault, ({ path }) => path[3] === 'interaction');
  expect(failureOf(await crm.logCall(entry)).class).toBe(failureClass);
  done(await crm.logCall(entry));
});

test('a business rule that aborts is named; what it says of a record is not', () => {
  const detail = "Operation against file 'interaction' was aborted by Business Rule 'No calls^7c1' Error: Ann Lee";
  const json = { error: { message: 'Operation Failed', detail }, status: 'failure' };
  const meaning = serviceNow.failureOf?.({ status: 403, headers: {}, text: '', json });
  expect(meaning?.message).toContain('"No calls"');
  expect(meaning?.message).not.toContain('Ann');
});

test('where people open it in a workspace', async () => {
  const { crm } = await open({ openIn: 'workspace' });
  expect(crm.deepLink({ module: 'incident', id: 'a1' })).toMatch(/\/now\/cwf\/agent\/record\/incident\/a1$/);
});

const contract = contractFile('servicenow/table-api.openapi.yaml');

test.skipIf(contract === undefined)('every request is one of the published description', () => {
  const { faultsOf } = readContract(contract ?? '');
  expect(all.length).toBeGreaterThan(100);
  // The description is of the Table API: presence is of another one.
  for (const call of all.filter(({ path }) => path[2] === 'table'))
    expect([call.method, call.path.join('/'), faultsOf(call)]).toEqual([call.method, call.path.join('/'), []]);
});
