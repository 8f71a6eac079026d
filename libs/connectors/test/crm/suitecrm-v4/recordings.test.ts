import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  entries,
  failureOf,
  fieldOf,
  fieldsAnswer,
  isSessionOver,
  loggedIn,
  modulesAnswer,
  related,
  valuesOf,
  written,
} from '../../../src/suitecrm-v4/wire.ts';
import { done, entry, number, setUp } from '../conformance/subject.ts';
import { argumentsOf, subjectOf } from './subject.ts';

/** Exchanges with a real SuiteCRM 7.14.6, without what is of no interest. */
const recordings = z
  .record(
    z.string(),
    z.object({
      method: z.string(),
      arguments: z.record(z.string(), z.unknown()),
      status: z.number(),
      body: z.unknown(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('recordings/suitecrm-7.14.6.json', import.meta.url), 'utf8')));

const answerOf = (name: string) => {
  const { status = 0, body } = recordings[name] ?? {};
  return { status, headers: {}, text: JSON.stringify(body), json: body };
};

test.each([
  ['26-v41-login', loggedIn],
  ['28-v41-search-phone', entries],
  ['30-v41-get-entry', entries],
  ['31-v41-set-entry-call', written],
  ['32-v41-set-relationship', related],
  ['33-v41-get-module-fields', fieldsAnswer],
  ['34-v41-get-available-modules', modulesAnswer],
])('the recorded answer %s is read', (name, result) => {
  expect(failureOf(answerOf(name))).toBeUndefined();
  expect(result.safeParse(answerOf(name).json)).toMatchObject({ success: true });
});

test.each([
  ['27-v41-login-bad', 'destination-gone', 'credentials_refused'],
  ['35-v41-bad-session', 'transient', 'crm_session'],
])('the recorded answer %s is %s', (name, failureClass, code) => {
  expect(failureOf(answerOf(name))).toMatchObject({ class: failureClass, code });
  expect(isSessionOver(answerOf(name))).toBe(code === 'crm_session');
});

test('a recorded record is read by the names of its fields', () => {
  const [found] = entries.parse(answerOf('28-v41-search-phone').json).entry_list;
  expect(found && valuesOf(found)).toEqual({
    id: 'acb25005-0f60-8606-bdfd-6b00cd30e615',
    first_name: 'Ada',
    last_name: 'Lovelace',
    phone_mobile: '+15550100200',
  });
});

test('recorded fields are described in the words of the house', () => {
  const fields = fieldsAnswer.parse(answerOf('33-v41-get-module-fields').json).module_fields.map(fieldOf);
  expect(fields).toEqual(
    expect.arrayContaining([
      { name: 'name', label: 'Subject', type: 'text', required: true, writable: true, maxLength: 50 },
      { name: 'date_start', label: 'Start Date', type: 'datetime', required: true, writable: true },
      expect.objectContaining({ name: 'id', writable: false }),
      expect.objectContaining({
        name: 'direction',
        type: 'choice',
        choices: [
          { value: 'Inbound', label: 'Inbound' },
          { value: 'Outbound', label: 'Outbound' },
        ],
      }),
    ]),
  );
});

const shapeOf = (method: string, args: Readonly<Record<string, unknown>>): string =>
  [method, ...Object.entries(args).map(([name, value]) => `${name}: ${kindOf(value)}`)].join(', ');
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value);

test('every request has the form of one that a real one took', async () => {
  const subject = await setUp(subjectOf());
  try {
    const { crm, fake } = subject;
    const id = subject.person(number);
    const about = [{ module: 'Contacts', id }];
    done(await crm.test());
    done(await crm.listModules());
    done(await crm.listFields('Contacts'));
    done(await crm.searchByPhone({ number }));
    done(await crm.logCall({ ...entry, about }));
    done(await crm.attachNote({ module: 'Contacts', id }, 'a note'));
    const recorded = new Set(Object.values(recordings).map(({ method, arguments: args }) => shapeOf(method, args)));
    const sent = fake.calls.map((call) => shapeOf(call.form.get('method') ?? '', argumentsOf(call)));
    expect(new Set(sent).size).toBe(7);
    expect(sent.filter((one) => !recorded.has(one))).toEqual([]);
  } finally {
    await subject.close();
  }
});

const pairs = z.array(z.object({ name: z.string(), value: z.string() }));

test('what a call is made of, a real one took as well', async () => {
  const subject = await setUp(subjectOf());
  try {
    done(await subject.crm.logCall(entry));
    const [call] = subject.fake.calls.filter(({ form }) => form.get('method') === 'set_entry').map(argumentsOf);
    const recorded = new Map(
      pairs
        .parse(recordings['31-v41-set-entry-call']?.arguments.name_value_list)
        .map(({ name, value }) => [name, value]),
    );
    // Of the V8 API and the source: an id of our choice; of the described fields: the text.
    const known = ['id', 'new_with_id', 'description'];
    const values = pairs.parse(call?.name_value_list).filter(({ name }) => !known.includes(name));
    const form = (value = '') => value.replace(/\d+/g, '0').replace(/[a-z ]+/gi, 'text');
    for (const { name, value } of values) expect([name, form(value)]).toEqual([name, form(recorded.get(name))]);
  } finally {
    await subject.close();
  }
});
