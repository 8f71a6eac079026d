import { readFileSync } from 'node:fs';
import { crmConnection } from '@patchcord/contracts';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connectionProblems, crmConnectors } from '../../../src/index.ts';
import { done, entry, failureOf, type Subject, setUp } from '../conformance/subject.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';

const guide = readFileSync(new URL('../../../../../docs/crm/proprietary.md', import.meta.url), 'utf8');
const presets = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
  ([, text = '']) => parse(text)['crm-connection'][0] as { id: string; connector: string; described: object },
);

let subject: Subject | undefined;
afterEach(() => subject?.close());

/** A CRM that behaves as the contract of a preset says, asked by that preset. */
async function open(id: string, answer: (call: CrmCall) => Reply, query = ''): Promise<Subject> {
  const preset = presets.find((one) => one.id === id) ?? expect.fail(`there is no preset "${id}"`);
  const connector = crmConnectors[preset.connector] ?? expect.fail(preset.connector);
  subject = await setUp({
    connector,
    start: async () => ({ ...(await startFakeHttp(answer)), seed: () => '', loggedCalls: () => [] }),
    connection: ({ url }) => ({
      connector: preset.connector,
      baseUrl: `${url}/place${query}`,
      described: preset.described,
    }),
    person: { module: '', values: () => ({}), phoneField: '', change: ['', ''] },
    throttled: {},
    refused: {},
    isLog: () => true,
  });
  return subject;
}

async function hitsOf({ crm }: Subject, number: string) {
  const found = done(await crm.searchByPhone({ number }));
  return found.searched ? found.hits : [];
}

test('every preset can be stored as it is', () => {
  expect(presets.map(({ id }) => id)).toEqual(['while1', 'graam', 'template', 'script']);
  for (const preset of presets) expect(connectionProblems(crmConnection.parse(preset))).toEqual([]);
});

test('while1: somebody, nobody, and an address that opens nothing', async () => {
  const nobody = { id: null, name: null, queue_position: null, direct_line: null, backend_link: null };
  const of = (link: string) => ({ ...nobody, id: 12345, name: 'John Doe', direct_line: 'sales', backend_link: link });
  const known: Readonly<Record<string, object>> = {
    '0601020304': of('https://crm.example/popup?id=12345'),
    '0601020305': of('javascript:alert(1)'),
  };
  const opened = await open('while1', ({ query, path }) => {
    if (path.join() !== 'place' || [...query.keys()].toSorted().join() !== 'dnid,telephone') return { status: 400 };
    return { body: known[query.get('telephone') ?? ''] ?? nobody };
  });
  done(await opened.crm.test());
  const [hit, ...others] = await hitsOf(opened, '+33601020304');
  expect(others).toEqual([]);
  expect(hit).toMatchObject({
    id: '12345',
    name: 'John Doe',
    match: 'e164',
    url: 'https://crm.example/popup?id=12345',
  });
  expect(hit?.fields.direct_line).toBe('sales');
  expect((await hitsOf(opened, '+33601020305'))[0]).not.toHaveProperty('url');
  expect(await hitsOf(opened, '+33601020399')).toEqual([]);
});

test('Graam: a key in the query, and no id but the address', async () => {
  const opened = await open(
    'graam',
    ({ query }) => {
      if (query.get('apikey') !== 'k-4711') return { status: 403, body: {} };
      if (query.get('remote_number') !== '0601020304') return { body: { caller_info: null } };
      return { body: { caller_info: { full_name: 'Ann Smith', caller_profile_url: 'https://crm.example/c/7' } } };
    },
    '?apikey=k-4711',
  );
  done(await opened.crm.test());
  expect(await hitsOf(opened, '+33601020304')).toMatchObject([{ name: 'Ann Smith', url: 'https://crm.example/c/7' }]);
  expect(await hitsOf(opened, '+33601020399')).toEqual([]);
});

test('a template: users, contacts and the journal', async () => {
  const journal: Record<string, unknown>[] = [];
  const opened = await open('template', ({ method, path, query, json }) => {
    const { data } = (json ?? {}) as { data?: Record<string, unknown> };
    if (path[1] === 'users') return { body: { data: [{ id: 1, name: 'cti' }] } };
    if (path[1] === 'contacts' && method === 'POST') return { status: 201, body: { data: { id: 8, ...data } } };
    if (path[1] === 'contacts') {
      const contact = { id: 7, first_name: 'Ann', last_name: 'Smith', mobile_number: '(415) 555-0123' };
      return { body: { data: query.get('phone') === contact.mobile_number ? [contact] : [] } };
    }
    if (method === 'GET')
      return { body: { data: journal.filter((one) => one.external_id === query.get('external_id')) } };
    journal.push({ id: `j${journal.length}`, ...data });
    return { status: 201, body: { data: journal.at(-1) } };
  });
  expect(done(await opened.crm.test()).user).toBe('cti');
  const [hit, ...others] = await hitsOf(opened, '+14155550123');
  expect(others).toEqual([]);
  expect(hit).toMatchObject({ id: '7', name: 'Ann Smith', url: 'https://crm.example/contacts/7' });
  expect(done(await opened.crm.create('contacts', { last_name: 'New' })).id).toBe('8');
  opened.fake.failNext('lost-answer', ({ method }) => method === 'POST');
  failureOf(await opened.crm.logCall({ ...entry, about: [{ module: 'contacts', id: '7' }] }));
  expect(done(await opened.crm.logCall(entry)).ref).toEqual({ module: 'calls', id: 'j0' });
  expect(journal).toMatchObject([{ contact_id: '7', direction: 'Inbound', duration: 281 }]);
  expect(await opened.crm.update({ module: 'contacts', id: '7' }, {})).toMatchObject({ outcome: 'unable' });
});

test('a script: lines and pairs; a web page in between is no answer', async () => {
  const opened = await open('script', ({ query, form }) => {
    if (query.get('action') === 'version') return { body: 'version=3.1\r\n' };
    if (query.get('action') === 'find') return { body: '4711;Ann Smith;415-555-0123\n\n4712;Bob;5155550123\n' };
    return { body: form.get('key') === entry.key ? 'state=ok\nid=12\n' : 'state=error\n' };
  });
  expect(done(await opened.crm.test()).user).toBe('3.1');
  expect(await hitsOf(opened, '+14155550123')).toMatchObject([{ id: '4711', name: 'Ann Smith', match: 'e164' }]);
  expect(done(await opened.crm.logCall(entry)).ref.id).toBe('12');
  expect(failureOf(await opened.crm.logCall({ ...entry, key: 'other' })).code).toBe('crm_refused');
  opened.fake.failNext({ body: '<!DOCTYPE html><html><body>Please log in</body></html>' });
  expect(failureOf(await opened.crm.logCall(entry))).toMatchObject({ class: 'transient', code: 'answer_unreadable' });
});
