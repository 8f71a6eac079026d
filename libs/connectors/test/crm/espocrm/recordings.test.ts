import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { appUser, describedFields, entity, failureOf, fieldOf, list, recordOf } from '../../../src/espocrm/wire.ts';
import { done, entry, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { subjectOf } from './espocrm-subject.ts';
import { startFakeEspoCrm } from './fake.ts';

/** Exchanges with a real EspoCRM 8.4.2, without what is of no interest. */
const recordings = z
  .record(
    z.string(),
    z.object({
      method: z.string(),
      path: z.string(),
      query: z.record(z.string(), z.string()),
      /** Headers that were sent beside the key. */
      with: z.array(z.string()),
      sent: z.record(z.string(), z.unknown()).optional(),
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('recordings/espocrm-8.4.2.json', import.meta.url), 'utf8')));

const answerOf = (name: string) => {
  const { status = 0, headers = {}, body } = recordings[name] ?? {};
  return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body), json: body };
};

/** What an answer is, by what was asked. */
function wireOf(path: string, query: Readonly<Record<string, string>>): z.ZodType {
  if (path.endsWith('App/user')) return appUser;
  if (path.endsWith('Metadata') && query.key?.endsWith('.fields') === true) return describedFields;
  if (path.endsWith('Metadata')) return z.object({ fields: describedFields });
  if (/\/(calls|history|GlobalSearch)$/.test(path) || query.maxSize !== undefined || 'searchParams' in query)
    return list;
  return path.endsWith('/contacts') ? z.literal(true) : entity;
}

const accepted = Object.entries(recordings).filter(([, { status }]) => status === 200);

test.each(accepted)('the recorded answer %s is read', (name, { path, query, body }) => {
  expect(failureOf(answerOf(name))).toBeUndefined();
  expect(wireOf(path, query).safeParse(body)).toMatchObject({ success: true });
});

test.each([
  ['05-bad-key', 'destination-gone', 'credentials_refused', 'API key'],
  ['09-create-contact-duplicate', 'permanent', 'crm_duplicate', 'Search before you create'],
  ['11-create-contact-bad-phone', 'permanent', 'crm_refused', 'phoneNumber failed its check "valid"'],
  ['27-missing', 'permanent', 'crm_refused', 'Record <id> does not exist'],
  ['28-forbidden-attribute', 'permanent', 'crm_refused', "attribute 'nope'"],
  ['29-maxsize-too-big', 'permanent', 'crm_refused', 'Max size should not exceed 200'],
  ['33-validation-missing-required', 'permanent', 'crm_refused', 'lastName failed its check "required"'],
])('the recorded answer %s is %s %s', (name, failureClass, code, message) => {
  const failure = failureOf(answerOf(name));
  expect(failure).toMatchObject({ class: failureClass, code });
  expect(failure?.message).toContain(message);
});

test('a recorded contact has its name, all its numbers and when it was changed', () => {
  const record = recordOf('Contact', entity.parse(recordings['18-read']?.body));
  expect(record).toMatchObject({
    id: '6b00cdb41ddb071ca',
    name: 'Ada Lovelace4771744',
    modifiedAt: '2026-11-20T22:46:12Z',
    fields: { phoneNumber: '+15554771744', phoneNumberData: ['+15554771744'] },
  });
});

test('recorded fields are described in the words of the house', () => {
  const contact = describedFields.parse(recordings['06-metadata-contact-fields']?.body);
  expect(Object.entries(contact).map(([name, known]) => fieldOf(name, known))).toEqual(
    expect.arrayContaining([
      { name: 'lastName', label: 'lastName', type: 'text', required: true, writable: true, maxLength: 100 },
      { name: 'accountId', label: 'account', type: 'reference', required: false, writable: true },
      expect.objectContaining({ name: 'name', writable: false }),
      expect.objectContaining({ name: 'createdAt', type: 'datetime', writable: false }),
    ]),
  );
});

/** Method, place with ids left out, and the names of what was asked for. */
const shapeOf = (method: string, path: string, query: Iterable<string>): string =>
  [method, path.replace(/\/[0-9a-f]{15,}/g, '/{id}'), ...[...query].sort()].join(' ');
const sentShape = ({ method, path, query }: CrmCall): string => shapeOf(method, `/${path.join('/')}`, query.keys());

test('every request has the form of one that a real one took', async () => {
  const subject = await setUp(subjectOf(startFakeEspoCrm));
  try {
    const { crm, fake } = subject;
    const about = { module: 'Contact', id: subject.person(number) };
    done(await crm.test());
    done(await crm.listFields('Contact'));
    done(await crm.searchByPhone({ number, modules: ['Contact'] }));
    done(await crm.read(about, []));
    done(await crm.update(about, { description: 'Countess' }));
    const { ref } = done(await crm.logCall({ ...entry, about: [about] }));
    done(await crm.link(ref, about));
    const recorded = new Set(
      Object.values(recordings).map(({ method, path, query }) => shapeOf(method, path, Object.keys(query))),
    );
    const sent = fake.calls.map(sentShape);
    expect(sent.length).toBeGreaterThan(6);
    expect(sent.filter((one) => !recorded.has(one))).toEqual([]);
    const call = z.record(z.string(), z.unknown()).parse(fake.calls.find(({ path }) => path.at(-1) === 'Call')?.json);
    const known = recordings['21-create-call']?.sent ?? {};
    expect(Object.keys(call).sort()).toEqual([...Object.keys(known), 'leadsIds'].sort());
  } finally {
    await subject.close();
  }
});

test('the header that makes a duplicate all the same is the one that did', async () => {
  const subject = await setUp(subjectOf(startFakeEspoCrm));
  try {
    done(await subject.crm.create('Contact', { lastName: 'Lovelace', phoneNumber: number }));
    const [sent] = subject.fake.calls;
    expect(Object.keys(sent?.headers ?? {})).toEqual(
      expect.arrayContaining(recordings['10-create-contact-duplicate-skip']?.with ?? ['?']),
    );
  } finally {
    await subject.close();
  }
});
