import { crmConnection, describedCrm } from '@patchcord/contracts';
import { afterEach, expect, test } from 'vitest';
import { connectionProblems } from '../../../src/index.ts';
import { proprietary } from '../../../src/proprietary/connector.ts';
import { conformance } from '../conformance/index.ts';
import { bea, done, entry, failureOf, number, type Subject, setUp } from '../conformance/subject.ts';
import { houseCrm } from './described.ts';
import { startFakeHouseCrm } from './fake.ts';

const subject = {
  connector: proprietary.configured?.({ described: describedCrm.parse(houseCrm) }) ?? proprietary,
  start: startFakeHouseCrm,
  connection: () => ({ connector: 'proprietary', described: houseCrm }),
  headers: { 'x-house-key': 'k-4711' },
  person: {
    module: 'contact',
    values: ({ first, last }: { first: string; last: string }, phone: string) => ({
      first_name: first,
      last_name: last,
      phone,
    }),
    phoneField: 'phone',
    change: ['city', 'Zürich'] as const,
  },
  user: { module: 'user', values: { ...bea, enabled: false }, told: { ...bea, active: false } },
  throttled: { status: 429, body: { ok: false } },
  refused: { body: { ok: false, error: 'the contact +14155550123 is locked' } },
  isLog: ({ method, path }: { method: string; path: readonly string[] }) => method === 'POST' && path[1] === 'calls',
};

conformance(subject);

let opened: Subject | undefined;
afterEach(() => opened?.close());

/** The same CRM, described in another way. */
async function openWith(change: (crm: typeof houseCrm) => object): Promise<Subject> {
  const described = change(structuredClone(houseCrm));
  opened = await setUp({
    ...subject,
    connector: proprietary,
    connection: () => ({ connector: 'proprietary', described }),
  });
  return opened;
}
const without =
  (...names: string[]) =>
  (crm: typeof houseCrm): object => ({
    ...crm,
    requests: Object.fromEntries(Object.entries(crm.requests).filter(([name]) => !names.includes(name))),
  });

const withoutMail = ({ modules }: typeof houseCrm): object[] =>
  modules.map((module) => ({ ...module, emailField: undefined }));

test('what is not described it cannot, and says what to write', async () => {
  const { crm } = await openWith(without('searchByPhone', 'attachNote', 'read'));
  const ref = { module: 'contact', id: 'c-1' };
  const results = [crm.searchByPhone({ number }), crm.attachNote(ref, 'x'), crm.read(ref, [])];
  for (const [at, name] of ['searchByPhone', 'attachNote', 'read'].entries()) {
    const result = await results[at];
    expect(result?.outcome === 'unable' ? result.why : '').toContain(`described.requests.${name}`);
  }
  expect((await crm.update(ref, {})).outcome).toBe('failed');
});

test('a mail address found nobody, and nothing said why: the field that has it is to be named', async () => {
  const { crm, fake } = await openWith((house) => ({
    ...house,
    modules: withoutMail(house),
  }));
  const result = await crm.searchByEmail({ address: 'ann@example.com' });
  expect(result.outcome === 'unable' ? result.why : '').toContain('emailField');
  expect(fake.calls).toEqual([]);
});

test('a call whose answer was lost, and that cannot be looked up, is not written again', async () => {
  const { crm, fake } = await openWith(without('findCall'));
  fake.failNext('lost-answer', subject.isLog);
  failureOf(await crm.logCall(entry));
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'permanent', code: 'call_unknown' });
  expect(fake.loggedCalls().length).toBe(1);
});

test('a condition that the search has no place for is no search at all', async () => {
  const { crm, fake } = await openWith((house) => {
    const search = { path: 'api/contact/query', query: { city: '{filter.equals.city}' } };
    return { ...house, modules: withoutMail(house), requests: { ...house.requests, search } };
  });
  const filter = { module: 'contact', fields: [], limit: 5 };
  const failure = failureOf(await crm.find({ ...filter, equals: { city: 'Bonn', first_name: 'Ann' } }));
  expect(failure).toMatchObject({ class: 'permanent', code: 'filter_unfit' });
  expect(failure.message).toContain('first_name');
  expect(failureOf(await crm.find({ ...filter, expression: 'a = b' })).code).toBe('filter_unfit');
  expect(fake.calls).toEqual([]);
});

test('records that do not meet the conditions are not found, whatever the CRM answers', async () => {
  const { crm, fake, person } = await openWith((house) => house);
  const id = person(number);
  const items = [{ uuid: id, names: { first: 'Ann' } }, { uuid: 'c-2', names: { first: 'Bob' } }, { uuid: 'c-3' }];
  fake.failNext({ body: { ok: true, data: { items } } });
  const found = done(await crm.find({ module: 'contact', equals: { first_name: 'ann' }, fields: [], limit: 5 }));
  expect(found.map((one) => one.id)).toEqual([id]);
});

test('ids that are large numbers stay as they are written', async () => {
  const { crm, fake } = await openWith((house) => house);
  fake.failNext({ status: 201, body: '{"ok":true,"data":{"uuid":12345678901234567890}}' });
  expect(done(await crm.create('contact', { first_name: 'Ann' })).id).toBe('12345678901234567890');
});

test('an answer to a call without an id, or that is no JSON, is not known to be written or not', async () => {
  const { crm, fake } = await openWith((house) => house);
  fake.failNext({ body: { ok: true, data: {} } }, subject.isLog);
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'answer_without_id' });
  fake.failNext({ body: '<html></html>' }, subject.isLog);
  expect(failureOf(await crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'answer_unreadable' });
  done(await crm.logCall(entry));
  expect(fake.loggedCalls().length).toBe(1);
});

test('busy and none are said by an answer too', async () => {
  const { crm, fake } = await openWith((house) => {
    const says = { busy: { path: 'error', is: ['busy'] }, none: { path: 'error', is: ['none', 17] } };
    const { read } = house.requests;
    return { ...house, requests: { ...house.requests, read: { ...read, answer: { ...read.answer, ...says } } } };
  });
  const ref = { module: 'contact', id: 'c-1' };
  fake.failNext({ body: { ok: false, error: 'busy' } });
  const { class: failureClass, retryAt } = failureOf(await crm.read(ref, []));
  expect(failureClass).toBe('throttled');
  expect(retryAt?.getTime()).toBeGreaterThan(Date.now());
  fake.failNext({ body: { ok: false, error: 17 } });
  expect(done(await crm.read(ref, []))).toBeUndefined();
});

test('a call is linked to all that it was about, once it is there', async () => {
  const { crm, fake, person } = await openWith((house) => {
    const link = { method: 'PUT', path: 'api/contact/{to.id}/links/contact/{to.id}' };
    return { ...house, calls: { ...house.calls, linksAbout: true }, requests: { ...house.requests, link } };
  });
  const about = [person(number), person('+14155550124')].map((id) => ({ module: 'contact', id }));
  fake.failNext({ status: 503, body: '' }, ({ path }) => path.includes('links'));
  expect(failureOf(await crm.logCall({ ...entry, about })).class).toBe('transient');
  done(await crm.logCall({ ...entry, about }));
  expect(fake.loggedCalls().length).toBe(1);
  done(await crm.logCall({ ...entry, key: 'another', about }));
  expect(fake.calls.filter(({ path }) => path.includes('links')).length).toBe(5);
});

test('what the other kind does is refused when it is stored', () => {
  const problems = connectionProblems(
    crmConnection.parse({
      id: 'crm',
      name: 'CRM',
      connector: 'proprietary-i',
      baseUrl: 'https://crm.example.test',
      described: { requests: { test: {}, create: { method: 'POST', json: {}, answer: { format: 'xml' } } } },
    }),
  );
  expect(problems.map(({ path }) => path)).toEqual([
    'described.requests.test.answer.format',
    'described.requests.create.json',
  ]);
  const bare = { id: 'crm', name: 'CRM', connector: 'proprietary', baseUrl: 'https://crm.example.test' };
  expect(connectionProblems(crmConnection.parse(bare))).toEqual([
    { path: 'described', expected: 'the requests and answers of the CRM' },
  ]);
  const other = { ...bare, connector: 'odoo', described: { requests: { test: {} } } };
  expect(connectionProblems(crmConnection.parse(other)).length).toBe(1);
});
