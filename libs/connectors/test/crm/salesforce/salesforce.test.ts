import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { salesforce } from '../../../src/salesforce/connector.ts';
import { failureOf as meaningOf } from '../../../src/salesforce/failures.ts';
import { conformance } from '../conformance/index.ts';
import { ann, bea, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import { type FakeSalesforce, startFakeSalesforce } from './fake.ts';

type Settings = Record<string, string | boolean>;
const keyed = { callKeyField: 'CTI_Call_Id__c', recordingField: 'Recording__c' };
const token = 'Bearer 00Dxx0000001gPF!AQ';

const problem = (errorCode: string, message: string, fields?: string[]) => [{ errorCode, message, fields }];

/** The suite, with the key in a field of its own or without one. */
const suite = (settings: Settings = {}, start: () => Promise<FakeSalesforce> = startFakeSalesforce) => ({
  connector: { ...salesforce, title: settings.callKeyField === undefined ? 'Salesforce' : 'Salesforce, keyed' },
  start,
  connection: () => ({ settings }),
  headers: { authorization: token },
  person: {
    module: 'Contact',
    values: (name: { first: string; last: string }, phone: string) => ({
      FirstName: name.first,
      LastName: name.last,
      MobilePhone: phone,
    }),
    phoneField: 'MobilePhone',
    change: ['Title', "Countess d'O\\Hara"] as const,
  },
  throttled: { status: 403, body: problem('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.') },
  refused: { status: 400, body: problem('STRING_TOO_LONG', 'data value too large: +14155550123', ['Subject']) },
  user: {
    module: 'User',
    values: { Name: bea.name, Email: bea.email, Username: bea.username, IsActive: true },
    told: { ...bea, active: true },
  },
  upsertField: 'Ext_Id__c',
  linkFrom: { module: 'Case', values: { Subject: 'A case' } },
  isLog: ({ method, path }: { method: string; path: readonly string[] }) =>
    (method === 'POST' || method === 'PATCH') && path[4] === 'Task',
});

conformance(suite());
conformance(suite(keyed));

/** A connector at a fake; given one, at that. */
async function open(settings: Settings = {}, at?: FakeSalesforce) {
  const fake = at ?? (await startFakeSalesforce({ pageSize: 2 }));
  const subject = await setUp({ ...suite(settings), start: () => Promise.resolve(fake) });
  onTestFinished(() => subject.close());
  return { ...subject, fake };
}

const queries = (fake: FakeSalesforce): string[] => fake.calls.map(({ query }) => query.get('q') ?? '');

test('who is not in the search index yet is found in the records; who is, costs one request', async () => {
  const { crm, fake, person } = await open();
  person('+1 415 555 0199');
  done(await crm.searchByPhone({ number: '+14155550199', modules: ['Contact'] }));
  expect(fake.calls.length).toBe(1);
  fake.lag();
  const id = person('415.555.0123');
  expect(done(await crm.searchByPhone({ number, modules: ['Contact'] }))).toMatchObject({ hits: [{ id }] });
  expect(queries(fake).at(-1)).toContain("LIKE '%5%5%5%5%0%1%2%3'");
});

test('a lead that became a contact is not who calls', async () => {
  const { crm, fake } = await open();
  const lead = { LastName: 'Lead', Company: 'Acme', Phone: number };
  fake.seed('Lead', { ...lead, IsConverted: true });
  fake.lag();
  fake.seed('Lead', { ...lead, IsConverted: true });
  expect(done(await crm.searchByPhone({ number, modules: ['Lead'] }))).toMatchObject({ hits: [] });
});

test('with a key field a call is one request, and again one more, which leaves out what is set once', async () => {
  const { crm, fake } = await open(keyed);
  const { ref } = done(await crm.logCall(entry));
  expect(fake.calls.length).toBe(1);
  expect(fake.calls[0]?.path).toEqual(['services', 'data', 'v60.0', 'sobjects', 'Task', 'CTI_Call_Id__c', entry.key]);
  expect(fake.valuesOf('Task', ref.id)).toMatchObject({ Recording__c: entry.recordingUrl, TaskSubtype: 'Call' });
  const recordingUrl = `https://recordings.example.test/${'r'.repeat(255)}`;
  expect(done(await crm.logCall({ ...entry, recordingUrl })).ref).toEqual(ref);
  const later = { TaskSubtype: 'Call', Description: expect.stringContaining(recordingUrl) as string };
  expect(fake.valuesOf('Task', ref.id)).toMatchObject(later);
});

test.each([{}, keyed])('a call is there once though nobody here remembers it (%o)', async (settings) => {
  const { crm, fake } = await open(settings);
  const key = 'i-lab-1795218083.com';
  const first = done(await crm.logCall({ ...entry, key }));
  const later = await open(settings, fake);
  expect(done(await later.crm.logCall({ ...entry, key, notes: 'later' })).ref).toEqual(first.ref);
  expect(fake.loggedCalls()).toMatchObject([{ text: expect.stringContaining('later') as string }]);
});

test('two that make the same call in the same moment make one', async () => {
  const { crm, fake } = await open(keyed);
  const id = fake.seed('Task', { CTI_Call_Id__c: entry.key, TaskSubtype: 'Call' });
  fake.failNext({ status: 400, body: problem('DUPLICATE_VALUE', `duplicate value found: CTI_Call_Id__c on ${id}`) });
  expect(done(await crm.logCall(entry)).ref.id).toBe(id);
  expect(fake.loggedCalls().length).toBe(1);
});

test('a call stands at one person and at the matter; at a lead at nothing else', async () => {
  const { crm, fake, person } = await open();
  const contact = { module: 'Contact', id: person(number) };
  const account = { module: 'Account', id: fake.seed('Account', { Name: 'Acme' }) };
  const matter = { module: 'Case', id: fake.seed('Case', { Subject: 'Broken' }) };
  const lead = { module: 'Lead', id: fake.seed('Lead', { LastName: 'Lead', Company: 'Acme' }) };
  done(await crm.logCall({ ...entry, about: [account, contact, matter] }));
  done(await crm.logCall({ ...entry, key: 'other', about: [lead, account] }));
  expect(fake.loggedCalls().map(({ about }) => about)).toEqual([[contact.id, matter.id], [lead.id]]);
});

test('records are linked by the field that leads to the other, and by no field that means more', async () => {
  const { crm, fake, person } = await open();
  const [one, other] = [person(number), person(number)].map((id) => ({ module: 'Contact', id }));
  const matter = { module: 'Case', id: fake.seed('Case', {}) };
  if (one === undefined || other === undefined) throw new Error('nobody was made');
  done(await crm.link(matter, one));
  expect(fake.valuesOf('Case', matter.id)?.ContactId).toBe(one.id);
  expect(failureOf(await crm.link(one, other)).code).toBe('crm_no_relation');
});

test('a key that several have is refused; one that looks like a file is searched for', async () => {
  const { crm, fake } = await open();
  for (const _ of '12') fake.seed('Contact', { LastName: 'Twin', Ext_Id__c: 'twin' });
  const upsert = (field: string, value: string) => crm.upsert({ module: 'Contact', field, value }, { LastName: 'O' });
  expect(failureOf(await upsert('Ext_Id__c', 'twin'))).toMatchObject({ class: 'permanent', code: 'crm_ambiguous' });
  const made = done(await upsert('Email', 'ann@example.com'));
  expect(done(await upsert('Email', 'ann@example.com'))).toEqual(made);
  expect(fake.valuesOf('Contact', made.id)?.Email).toBe('ann@example.com');
});

test('older versions answer to a change without the id', async () => {
  const { crm } = await open({ apiVersion: '45.0' });
  const key = { module: 'Contact', field: 'Ext_Id__c', value: 'x1' };
  const made = done(await crm.upsert(key, { LastName: 'One' }));
  expect(done(await crm.upsert(key, { LastName: 'Two' }))).toEqual(made);
});

test('what a duplicate rule warns of is made only if that is wanted', async () => {
  const { crm, fake } = await open();
  fake.seed('Account', { Name: 'Acme' });
  expect(failureOf(await crm.create('Account', { Name: 'Acme' })).code).toBe('crm_duplicate');
  const { crm: saving } = await open({ saveDuplicates: true }, fake);
  done(await saving.create('Account', { Name: 'Acme' }));
});

test('page after page, and no more than asked for', async () => {
  const { crm, fake, person } = await open();
  for (let count = 0; count < 7; count++) person(number, { ...ann, first: `Ann ${count}` });
  const filter = { module: 'Contact', expression: `LastName LIKE 'O\\'Hara%'`, fields: ['FirstName'], limit: 5 };
  expect(done(await crm.find(filter)).length).toBe(5);
  expect(fake.calls.length).toBe(3);
});

test('a day used up waits long, a moment not', () => {
  const waitOf = (message: string) =>
    meaningOf({ status: 403, headers: {}, text: '', json: problem('REQUEST_LIMIT_EXCEEDED', message) })?.waitMs;
  expect(waitOf('TotalRequests Limit exceeded.')).toBe(900_000);
  expect(waitOf('ConcurrentPerOrgLongTxn Limit exceeded.')).toBe(10_000);
});

test('credentials that it does not take any more are a matter for people', async () => {
  const subject = await setUp({ ...suite(), headers: { authorization: 'Bearer old' } });
  onTestFinished(() => subject.close());
  expect(failureOf(await subject.crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
});

test('a refusal names the field, and no value', async () => {
  const { crm } = await open({ callKeyField: 'Nope__c' });
  expect(failureOf(await crm.logCall(entry)).message).toContain('Nope__c');
  const unknown = failureOf(await crm.create('Contact', { LastName: 'O', Secret__c: number }));
  expect(unknown).toMatchObject({ class: 'permanent', message: 'Salesforce refused it: INVALID_FIELD (Secret__c)' });
  const missing = failureOf(await crm.create('Lead', { LastName: 'O' }));
  expect(missing.message).toContain('(Company)');
});

test('people open records in Lightning', () => {
  const link = (baseUrl: string) =>
    salesforce.deepLink({ baseUrl, settings: salesforce.parseSettings({}) }, { module: 'Contact', id: '003A' });
  expect(link('https://acme--uat.sandbox.my.salesforce.com')).toBe(
    'https://acme--uat.sandbox.lightning.force.com/lightning/r/Contact/003A/view',
  );
  expect(link('https://crm.example.com')).toBe('https://crm.example.com/003A');
});

test.each([{ apiVersion: '60' }, { callKeyField: 'a b' }, { nope: true }])('settings %o are refused', (settings) => {
  expect(() => salesforce.parseSettings(settings)).toThrow();
});

const codesFile = new URL('../../../../../../shared/contracts/salesforce/known-errorCodes.txt', import.meta.url);
const codesTitle = existsSync(codesFile) ? 'every error code has one meaning' : 'error codes: ../shared is not here';
test.skipIf(!existsSync(codesFile))(codesTitle, () => {
  const codes = readFileSync(codesFile, 'utf8').trim().split('\n');
  const classOf = (code: string) =>
    meaningOf({ status: 400, headers: {}, text: '', json: problem(code, `${code}: ${number}`) })?.class ?? 'none';
  const counts = Map.groupBy(codes, classOf);
  expect(Object.fromEntries([...counts].map(([name, list]) => [name, list.length]))).toEqual({
    permanent: 188,
    transient: 10,
    throttled: 2,
    'destination-gone': 6,
  });
});
