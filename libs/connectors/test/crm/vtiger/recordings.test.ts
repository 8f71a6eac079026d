import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { description, failureOf, fieldOf, isSessionOver, rows, types, written } from '../../../src/vtiger/wire.ts';
import { done, entry, number, setUp } from '../conformance/subject.ts';
import type { CrmCall } from '../fake-http.ts';
import { startFakeVtiger } from './fake.ts';
import { subjectOf } from './vtiger-subject.ts';

/** Exchanges with a real Vtiger 8.2.0, without what is of no interest. */
const recordings = z
  .record(
    z.string(),
    z.object({
      method: z.string(),
      arguments: z.record(z.string(), z.string()),
      status: z.number(),
      body: z.unknown(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('recordings/vtiger-8.2.0.json', import.meta.url), 'utf8')));

const answerOf = (name: string) => {
  const { status = 0, body } = recordings[name] ?? {};
  return { status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body), json: body };
};

const results: Readonly<Record<string, z.ZodType>> = {
  getchallenge: z.object({ token: z.string() }),
  login: z.object({ sessionName: z.string(), userId: z.string(), username: z.string() }),
  listtypes: types,
  describe: description,
  retrieve: written,
  create: written,
  revise: written,
  query: rows,
};

const accepted = Object.entries(recordings).filter(
  ([name, { body }]) => z.object({ success: z.literal(true) }).safeParse(body).success && name !== '30-count',
);

test.each(accepted)('the recorded answer %s is read', (name, recorded) => {
  expect(failureOf(answerOf(name))).toBeUndefined();
  const result = z.object({ result: z.unknown() }).parse(recorded.body).result;
  const operation = recorded.arguments.operation ?? '';
  expect((results[operation] ?? rows).safeParse(result)).toMatchObject({ success: true });
});

test.each([
  ['03-login-bad', 'destination-gone', 'credentials_refused'],
  ['09-lookup-phone', 'transient', 'crm_fault'],
  ['10-lookup-phone-get', 'transient', 'crm_fault'],
  ['24-create-missing-mandatory', 'permanent', 'crm_refused'],
  ['25-retrieve-missing', 'permanent', 'crm_refused'],
  ['26-sync', 'transient', 'crm_fault'],
  ['28-bad-session', 'transient', 'crm_fault'],
  ['29-bad-query', 'permanent', 'crm_refused'],
  ['31-extendsession-logout', 'transient', 'crm_fault'],
])('the recorded answer %s is %s', (name, failureClass, code) => {
  expect(failureOf(answerOf(name))).toMatchObject({ class: failureClass, code });
  expect(isSessionOver(answerOf(name))).toBe(name === '28-bad-session');
});

test('what a field is that was missing, an administrator is told', () => {
  expect(failureOf(answerOf('24-create-missing-mandatory'))?.message).toContain('lastname does not have a value');
  expect(failureOf(answerOf('29-bad-query'))?.message).toContain("'.nope.'");
});

test('recorded fields are described in the words of the house', () => {
  const { result } = z.object({ result: description }).parse(recordings['05-describe-contacts']?.body);
  expect(result.fields.map(fieldOf)).toEqual(
    expect.arrayContaining([
      { name: 'mobile', label: 'Mobile Phone', type: 'phone', required: false, writable: true },
      { name: 'lastname', label: 'Last Name', type: 'text', required: true, writable: true },
      expect.objectContaining({ name: 'id', writable: false }),
      expect.objectContaining({ name: 'leadsource', type: 'choice', choices: expect.any(Array) }),
    ]),
  );
});

const shapeOf = (method: string, args: Iterable<readonly [string, string]>): string => {
  const all = new Map(args);
  return [method, all.get('operation'), ...[...all.keys()].sort()].join(' ');
};
const sentShape = ({ method, query, form }: CrmCall): string => shapeOf(method, method === 'GET' ? query : form);

test('every request has the form of one that a real one took', async () => {
  const subject = await setUp(subjectOf(startFakeVtiger));
  try {
    const { crm, fake } = subject;
    const id = subject.person(number);
    done(await crm.test());
    done(await crm.listFields('Contacts'));
    done(await crm.searchByPhone({ number }));
    done(await crm.logCall({ ...entry, about: [{ module: 'Contacts', id }] }));
    done(await crm.logCall({ ...entry, about: [{ module: 'Contacts', id }] }));
    done(await crm.attachNote({ module: 'Contacts', id }, 'a note'));
    const recorded = new Set(
      Object.values(recordings).map(({ method, arguments: args }) => shapeOf(method, Object.entries(args))),
    );
    const sent = [...new Set(fake.calls.map(sentShape))];
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.filter((one) => !recorded.has(one))).toEqual([]);
    for (const module of ['PBXManager', 'Events', 'ModComments']) expectFields(module, fake.calls);
  } finally {
    await subject.close();
  }
});

const element = z.record(z.string(), z.unknown());

/** Of what is written, all fields were written into a real one as well, and in the same form. */
function expectFields(module: string, calls: readonly CrmCall[]): void {
  const recorded = Object.values(recordings).flatMap(({ arguments: args }) =>
    args.elementType === module && args.element !== undefined
      ? Object.entries(element.parse(JSON.parse(args.element)))
      : [],
  );
  const forms = new Map(recorded.map(([name, value]) => [name, formOf(value)]));
  const [sent] = calls.filter(({ form }) => form.get('elementType') === module);
  const values = Object.entries(element.parse(JSON.parse(sent?.form.get('element') ?? '')));
  expect(values.length).toBeGreaterThan(2);
  expect(values.map(([name, value]) => [name, formOf(value)])).toEqual(values.map(([name]) => [name, forms.get(name)]));
}

/** Dates, times and ids are told apart from other texts. */
function formOf(value: unknown): string {
  if (typeof value !== 'string') return typeof value;
  return /^[\d-]+( [\d:]+)?$|^[\d:]+$|^\d+x\d+$/.test(value) ? value.replace(/\d+/g, '0') : 'text';
}
