import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { dynamics } from '../../../src/dynamics/connector.ts';
import { failureOf as meaningOf } from '../../../src/dynamics/failures.ts';
import { conformance } from '../conformance/index.ts';
import { ann, bea, done, entry, failureOf, number, setUp } from '../conformance/subject.ts';
import { type FakeDynamics, startFakeDynamics } from './fake.ts';

const error = (code: string, message: string) => ({ error: { code, message } });

/** Every fake that a test of this file spoke to: the last test looks at what they were asked. */
const fakes: FakeDynamics[] = [];

const suite = (
  settings: Record<string, string | number | boolean> = {},
  options: Parameters<typeof startFakeDynamics>[0] = {},
) => ({
  connector: dynamics,
  start: async () => {
    const fake = await startFakeDynamics(options);
    fakes.push(fake);
    return fake;
  },
  connection: () => ({ settings }),
  headers: { authorization: 'Bearer eyJ0.entra' },
  person: {
    module: 'contact',
    values: (name: { first: string; last: string }, phone: string) => ({
      firstname: name.first,
      lastname: name.last,
      mobilephone: phone,
    }),
    phoneField: 'mobilephone',
    change: ['jobtitle', "Countess d'O'Hara"] as const,
  },
  throttled: {
    status: 429,
    headers: { 'retry-after': '7' },
    body: error('0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'),
  },
  refused: {
    status: 400,
    body: error('0x80044331', "The length of the 'subject' attribute: +14155550123 is too long"),
  },
  user: {
    module: 'systemuser',
    values: { fullname: bea.name, internalemailaddress: bea.email, domainname: bea.username, isdisabled: true },
    told: { ...bea, active: false },
  },
  upsertField: 'new_extid',
  isLog: ({ method, path }: { method: string; path: readonly string[] }) =>
    method === 'PATCH' && path.at(-1)?.startsWith('phonecalls(') === true,
  durationStep: 60,
});

conformance(suite());

async function open(...of: Parameters<typeof suite>) {
  const given = suite(...of);
  let fake: FakeDynamics | undefined;
  const subject = await setUp({
    ...given,
    start: async () => {
      fake = await given.start();
      return fake;
    },
  });
  onTestFinished(() => subject.close());
  if (fake === undefined) throw new Error('nothing was started');
  return { ...subject, fake };
}

const asked = ({ calls }: FakeDynamics): string[] => calls.map(({ method, path }) => `${method} ${path.at(-1)}`);

test('a call is made under our id, then completed: made or received', async () => {
  const { crm, fake } = await open();
  const { ref } = done(await crm.logCall(entry));
  expect(asked(fake)).toEqual([`PATCH phonecalls(${ref.id})`, `PATCH phonecalls(${ref.id})`]);
  expect(fake.calls.map(({ headers }) => [headers['if-match'], headers['if-none-match']])).toEqual([
    [undefined, '*'],
    ['*', 'null'],
  ]);
  expect(fake.valuesOf('phonecall', ref.id)).toMatchObject({ statecode: 1, statuscode: 4, phonenumber: number });
  const made = done(await crm.logCall({ ...entry, key: 'out', direction: 'outbound' }));
  expect(fake.valuesOf('phonecall', made.ref.id)).toMatchObject({ statecode: 1, statuscode: 2, directioncode: true });
});

test('killed between the two requests, the next try completes the call', async () => {
  const { crm, fake } = await open();
  fake.failNext({ status: 503, body: 'down' }, ({ body }) => body.includes('statecode'));
  expect(failureOf(await crm.logCall(entry)).class).toBe('transient');
  const id = fake.loggedCalls()[0]?.id ?? '';
  expect(fake.valuesOf('phonecall', id)).toMatchObject({ statecode: 0 });
  expect(done(await crm.logCall(entry)).ref.id).toBe(id);
  expect(fake.loggedCalls().length).toBe(1);
  expect(fake.valuesOf('phonecall', id)).toMatchObject({ statecode: 1, statuscode: 4 });
});

test('who took part, and the matter before the company', async () => {
  const { crm, fake, person } = await open();
  const contact = { module: 'contact', id: person(number) };
  const account = { module: 'account', id: fake.seed('account', { name: 'Acme' }) };
  const matter = { module: 'incident', id: fake.seed('incident', { title: 'Broken' }) };
  const userId = done(await crm.find({ module: 'systemuser', fields: [], limit: 1 }))[0]?.id ?? '';
  const { ref } = done(await crm.logCall({ ...entry, userId, about: [account, contact, matter] }));
  expect(fake.valuesOf('phonecall', ref.id)).toMatchObject({
    'regardingobjectid_incident_phonecall@odata.bind': `/incidents(${matter.id})`,
    phonecall_activity_parties: [
      { 'partyid_contact@odata.bind': `/contacts(${contact.id})`, participationtypemask: 1 },
      { 'partyid_systemuser@odata.bind': `/systemusers(${userId})`, participationtypemask: 2 },
    ],
  });
});

test('where the property of what a call is about has another name, the description tells it', async () => {
  const { crm, fake, person } = await open({}, { regarding: (table) => `regardingobjectid_${table}` });
  const contact = { module: 'contact', id: person(number) };
  const { ref } = done(await crm.logCall({ ...entry, about: [contact] }));
  expect(fake.valuesOf('phonecall', ref.id)).toMatchObject({
    'regardingobjectid_contact@odata.bind': `/contacts(${contact.id})`,
    statecode: 1,
  });
  const note = { module: 'new_policy', id: fake.seed('new_policy', { new_number: '1' }) };
  expect(failureOf(await crm.logCall({ ...entry, key: 'x', about: [note] })).code).toBe('crm_no_relation');
});

test('a completed call that takes no changes is opened for them, if so configured', async () => {
  const frozen = await open({}, { isFrozen: true });
  done(await frozen.crm.logCall(entry));
  expect(failureOf(await frozen.crm.logCall({ ...entry, notes: 'later' })).class).toBe('permanent');
  const { crm, fake } = await open({ reopenCalls: true }, { isFrozen: true });
  done(await crm.logCall(entry));
  const { ref } = done(await crm.logCall({ ...entry, notes: 'later' }));
  expect(fake.loggedCalls()).toMatchObject([{ text: expect.stringContaining('later') as string }]);
  expect(fake.valuesOf('phonecall', ref.id)).toMatchObject({ statecode: 1, statuscode: 4 });
});

test('a phone call is said to be about a record; other records are connected, once', async () => {
  const { crm, fake, person } = await open();
  const [one, other] = [person(number), person(number)].map((id) => ({ module: 'contact', id }));
  if (one === undefined || other === undefined) throw new Error('nobody was made');
  const { ref } = done(await crm.logCall(entry));
  done(await crm.link(ref, other));
  expect(fake.loggedCalls()[0]?.about).toEqual([other.id]);
  for (const _ of '12') done(await crm.link(one, other));
  expect(done(await crm.find({ module: 'connection', fields: [], limit: 5 })).length).toBe(1);
});

test('a number in how nobody writes it is found by its end', async () => {
  const { crm, fake, person } = await open();
  const id = person('415/555 0123');
  person('999 0123');
  expect(done(await crm.searchByPhone({ number, modules: ['contact'] }))).toMatchObject({ hits: [{ id }] });
  expect(fake.calls.length).toBe(2);
});

test('tables of their own are asked what they are called', async () => {
  const { crm, fake } = await open();
  const id = fake.seed('new_policy', { new_number: 'P-1' });
  const filter = { module: 'new_policy', equals: { new_policyid: id }, fields: [], limit: 1 };
  expect(done(await crm.find(filter))).toMatchObject([{ id, name: 'P-1' }]);
  const made = done(await crm.create('new_policy', { new_number: 'P-2' }));
  expect(fake.valuesOf('new_policy', made.id)).toMatchObject({ new_number: 'P-2' });
});

test('fields by kind: lengths, formats, and no columns that tell of others only', async () => {
  const { crm } = await open();
  const fields = done(await crm.listFields('contact'));
  const by = (name: string) => fields.find((one) => one.name === name);
  expect(by('mobilephone')).toMatchObject({ type: 'phone', maxLength: 50, writable: true, required: false });
  expect(by('lastname')).toMatchObject({ type: 'text', required: true });
  expect(by('modifiedon')).toMatchObject({ label: 'modifiedon', type: 'datetime', writable: false });
  expect(by('owneridname')).toBeUndefined();
  expect(done(await crm.listModules()).map(({ name }) => name)).not.toContain('aciviewmapper');
});

test('page after page, by the addresses that come with them', async () => {
  const { crm, fake, person } = await open({}, { pageSize: 2 });
  for (let count = 0; count < 5; count++) person(number, { ...ann, first: `Ann ${count}` });
  const filter = { module: 'contact', expression: `lastname eq 'O''Hara & Söhne'`, fields: [], limit: 6000 };
  expect(done(await crm.find(filter)).length).toBe(5);
  expect(fake.calls.length).toBe(3);
});

test('what was deleted meanwhile is not made again by a change', async () => {
  const { crm, fake } = await open();
  const ref = { module: 'contact', id: '5b2f4a10-7c1e-4d2a-9f00-00000000ffff' };
  expect(failureOf(await crm.update(ref, { jobtitle: 'x' })).code).toBe('crm_not_found');
  expect(fake.valuesOf('contact', ref.id)).toBeUndefined();
});

test('keys that Dynamics cannot read are refused before they are sent; an apostrophe is none', async () => {
  const { crm, fake } = await open();
  const upsert = (value: string) => crm.upsert({ module: 'contact', field: 'new_extid', value }, { lastname: 'O' });
  expect(failureOf(await upsert('a/b'))).toMatchObject({ class: 'permanent', code: 'crm_key' });
  expect(fake.calls.length).toBe(0);
  const made = done(await upsert("O'Hara, 1=1"));
  expect(fake.valuesOf('contact', made.id)).toMatchObject({ new_extid: "O'Hara, 1=1" });
});

test('credentials that it does not take any more are a matter for people', async () => {
  const subject = await setUp({ ...suite(), headers: { authorization: 'Bearer old' } });
  onTestFinished(() => subject.close());
  expect(failureOf(await subject.crm.test())).toMatchObject({ class: 'destination-gone', code: 'credentials_refused' });
});

test('limits of service protection wait as long as it says, whatever the status', async () => {
  const { crm, fake } = await open();
  fake.failNext({ status: 503, headers: { 'retry-after': '7' }, body: error('0x80072326', 'concurrent') });
  const { class: failureClass, retryAt } = failureOf(await crm.test());
  expect(failureClass).toBe('throttled');
  expect(Math.abs((retryAt?.getTime() ?? 0) - Date.now() - 7000)).toBeLessThan(3000);
});

test('a refusal names columns and privileges, and no value', async () => {
  const { crm } = await open();
  const unknown = failureOf(await crm.create('contact', { lastname: 'O', secret: number }));
  expect(unknown.message).toBe('Dynamics refused it: 0x80048d19 (secret)');
  const json = error('0x80040220', `Principal user (Id=${number}) is missing prvCreatePhoneCall privilege`);
  const meaning = meaningOf({ status: 403, headers: {}, text: '', json });
  expect(meaning).toMatchObject({
    class: 'permanent',
    message: 'Dynamics refused it: 0x80040220 (prvCreatePhoneCall)',
  });
});

test('on premises there is a path before the Web API; people open records without it', async () => {
  const { crm, fake } = await open({ apiVersion: '8.2' });
  done(await crm.test());
  expect(fake.calls[0]?.path).toEqual(['api', 'data', 'v8.2', 'WhoAmI']);
  const link = (baseUrl: string, settings: object = {}) =>
    dynamics.deepLink({ baseUrl, settings: dynamics.parseSettings(settings) }, { module: 'contact', id: 'ID' });
  const end = 'main.aspx?etn=contact&pagetype=entityrecord&id=%7BID%7D';
  expect(link('https://crm.example.com/Acme/')).toBe(`https://crm.example.com/Acme/${end}`);
  expect(link('https://acme.api.crm4.dynamics.com')).toBe(`https://acme.crm4.dynamics.com/${end}`);
  expect(() => dynamics.parseSettings({ apiVersion: '7.1' })).toThrow('8.0');
});

const described = new URL(
  '../../../../../../shared/contracts/dynamics/phonecall.attributes.transcribed.json',
  import.meta.url,
);
const contractTitle = existsSync(described)
  ? 'what is sent of phone calls is what they have'
  : 'phone calls: ../shared is not here';
test.skipIf(!existsSync(described))(contractTitle, () => {
  const { attributes, navigationCollections } = JSON.parse(readFileSync(described, 'utf8')) as Contract;
  const writes = fakes
    .flatMap(({ calls }) => calls)
    .filter(({ method, path }) => method === 'PATCH' && path.at(-1)?.startsWith('phonecalls(') === true);
  expect(writes.length).toBeGreaterThan(30);
  for (const [property, value] of writes.flatMap(({ json }) => Object.entries(json as object))) {
    if (navigationCollections.includes(property)) continue;
    const [, lookup, target] =
      /^(ownerid|regardingobjectid)(?:_(\w+?))?(?:_phonecall)?@odata\.bind$/.exec(property) ?? [];
    const {
      type,
      maxLength = Infinity,
      targetsInclude = [],
    } = attributes[lookup ?? property] ?? { type: `no ${property}` };
    if (target !== undefined && target !== 'new_policy') expect(targetsInclude).toContain(target);
    expect([property, fits[type]?.(value, maxLength)]).toEqual([property, true]);
  }
});

interface Contract {
  readonly attributes: Readonly<Record<string, { type: string; maxLength?: number; targetsInclude?: string[] }>>;
  readonly navigationCollections: readonly string[];
}

const isText = (value: unknown, most: number) => typeof value === 'string' && value.length <= most;
const fits: Readonly<Record<string, (value: unknown, most: number) => boolean>> = {
  String: isText,
  Memo: isText,
  Boolean: (value) => typeof value === 'boolean',
  Integer: (value) => Number.isInteger(value),
  DateTime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  State: (value) => Number.isInteger(value),
  Status: (value) => Number.isInteger(value),
  Lookup: (value) => typeof value === 'string' && value.startsWith('/'),
  Owner: (value) => typeof value === 'string' && value.startsWith('/systemusers('),
};
