import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContacts, type Found } from '../src/contacts.ts';
import { contentOf, customers, startContacts } from './fixture.ts';

const ann = { phone: '+1 415 555 0123', name: 'Ann', id: 'A-1' };
const names = ({ match, contacts }: Found): unknown => [
  match,
  contacts.map(({ values }) => values.name ?? '').toSorted(),
];

test('add - a contact is found by id, external id, and number in any form', async () => {
  const { contacts } = await startContacts();
  const where = customers();
  const { outcome, contact } = await contacts.add(where, { ...ann, second: '030 1234567', city: '' });
  expect(outcome).toBe('added');
  expect(contact).toEqual({
    contactId: expect.stringMatching(/^c[\w-]{15}$/),
    databaseId: 'customers',
    externalId: 'A-1',
    values: { ...ann, second: '030 1234567' },
  });
  expect(await contacts.get('acme', 'customers', contact.contactId)).toEqual(contact);
  expect(await contacts.byExternalId('acme', 'customers', 'A-1')).toEqual(contact);
  const found = async (number: string): Promise<unknown> => (await contacts.find(where, number)).match;
  expect(await found('+14155550123')).toBe('e164');
  expect(await found('(415) 555-0123')).toBe('e164');
  expect(await found('sip:+14155550123@carrier.example')).toBe('e164');
  expect(await found('+54 4155550123')).toBe('national');
  expect(await found('+49 30 55550123')).toBe('last-digits');
  expect(await found('+14155550124')).toBeUndefined();
  expect(await contacts.get('umbrella', 'customers', contact.contactId)).toBeUndefined();
  expect((await contacts.find({ ...where, tenantId: 'umbrella' }, '+14155550123')).contacts).toEqual([]);
});

test('add - the same contact twice is one; the same external id with other values is told', async () => {
  const { contacts, redis } = await startContacts();
  const where = customers();
  const { contact } = await contacts.add(where, ann);
  const before = await contentOf(redis);
  expect(await contacts.add(where, ann)).toEqual({ outcome: 'unchanged', contact });
  expect(await contacts.add(where, { ...ann, name: 'Anna' })).toEqual({ outcome: 'exists', contact });
  expect(await contentOf(redis)).toEqual(before);
});

test('add - two people with one number are two, and found as two', async () => {
  const { contacts } = await startContacts();
  const where = customers();
  await contacts.add(where, { phone: '4155550123', name: 'Ann' });
  await contacts.add(where, { phone: '4155550123', name: 'Bob' });
  await contacts.add(where, { phone: '4155550123', name: 'Ann' });
  expect(names(await contacts.find(where, '+14155550123'))).toEqual(['e164', ['Ann', 'Bob']]);
});

test('links - a call is linked to a contact for a time', async () => {
  const { contacts, redis } = await startContacts();
  const ref = { databaseId: 'customers', contactId: 'c123' };
  await contacts.linkCall('acme', 'c-1', ref, 60_000);
  expect(await contacts.linkOf('acme', 'c-1')).toEqual(ref);
  expect(await contacts.linkOf('umbrella', 'c-1')).toBeUndefined();
  expect(await redis.pttl('pc:1:{acme:c-1}:contact')).toBeGreaterThan(50_000);
});

test('add - what does not fit is refused by column, with what was expected', async () => {
  const { contacts, redis } = await startContacts();
  const where = customers();
  const issuesOf = async (values: Record<string, string>): Promise<unknown> => {
    const error = await contacts.add(where, values).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ class: 'permanent', code: 'invalid_request' });
    return (error as { issues: unknown }).issues;
  };
  expect(await issuesOf({ name: 'Ann' })).toEqual([{ path: 'phone', message: expect.stringMatching(/^missing main/) }]);
  for (const phone of ['4512', 'anonymous', '=cmd|calc', 'ann@example.com', '*98']) {
    expect(await issuesOf({ phone })).toEqual([
      { path: 'phone', message: expect.stringMatching(/^not a phone number/) },
    ]);
  }
  expect(await issuesOf({ ...ann, second: 'n/a' })).toMatchObject([{ path: 'second' }]);
  expect(await issuesOf({ ...ann, email: 'a@example.com' })).toEqual([
    { path: 'email', message: expect.stringContaining('one of phone, name, second, id, city') },
  ]);
  expect(await issuesOf({ ...ann, city: 'x'.repeat(1024 * 1024) })).toMatchObject([{ path: 'city' }]);
  expect(await issuesOf({ ...ann, id: 'a\nb' })).toMatchObject([{ path: 'id' }]);
  expect(await redis.keys('*')).toEqual([]);
});

test('add - hostile values are kept as they are, and hostile column names are names', async () => {
  const { contacts } = await startContacts();
  const columns = ['phone', 'constructor', '__proto__', 'toString'];
  const where = customers({ columns, phoneColumns: ['phone'], externalIdColumn: undefined });
  const values = { phone: '4155550123', constructor: '=HYPERLINK("http://x")', toString: '"\n\0\u2028' };
  const { contact } = await contacts.add(where, values);
  expect(await contacts.get('acme', 'customers', contact.contactId)).toEqual(contact);
  expect(contact.values).toEqual(values);
  await contacts.add(where, JSON.parse('{"phone":"4155550124","__proto__":"x"}'));
  const { contacts: found } = await contacts.find(where, '4155550124');
  expect(found.map((each) => Object.entries(each.values))).toEqual([
    [
      ['phone', '4155550124'],
      ['__proto__', 'x'],
    ],
  ]);
});

test('find - extensions, hidden numbers, names and feature codes find nobody', async () => {
  const { contacts } = await startContacts();
  const where = customers({ lastDigits: 3 });
  await contacts.add(where, ann);
  expect((await contacts.find(where, '+49 30 9999123')).match).toBe('last-digits');
  for (const number of ['0123', '', 'anonymous', 'ann', '*0123', '"Ann" <sip:0123@pbx>']) {
    expect(await contacts.find(where, number)).toEqual({ contacts: [], more: false });
  }
});

test('find - last digits of any count, and none at 0', async () => {
  const { contacts } = await startContacts();
  await contacts.add(customers(), ann);
  for (const lastDigits of [1, 2, 4, 5, 6, 8, 11, 12]) {
    const where = customers({ lastDigits });
    const other = `+4930${'9'.repeat(9)}`;
    const ending =
      `+49 30 ${'9'.repeat(9)}`.slice(0, -Math.min(lastDigits, 7)) + '14155550123'.slice(-Math.min(lastDigits, 7));
    expect((await contacts.find(where, ending)).match).toBe(lastDigits <= 7 ? 'last-digits' : undefined);
    expect((await contacts.find(where, other)).match).toBeUndefined();
  }
  expect((await contacts.find(customers({ lastDigits: 0 }), '+49 30 95550123')).match).toBeUndefined();
});

test('find - the first way that finds anybody counts: others do not come with it', async () => {
  const { contacts } = await startContacts();
  const where = customers();
  await contacts.add(where, { phone: '+14155550123', name: 'US' });
  await contacts.add(where, { phone: '+49 4155550123', name: 'DE' });
  await contacts.add(where, { phone: '+54 9 261 5550123', name: 'AR' });
  expect(names(await contacts.find(where, '+14155550123'))).toEqual(['e164', ['US']]);
  expect(names(await contacts.find(where, '+44 4155550123'))).toEqual(['national', ['DE', 'US']]);
  expect(names(await contacts.find(customers({ lastDigits: 7 }), '+33 9 15550123'))).toEqual([
    'last-digits',
    ['AR', 'DE', 'US'],
  ]);
});

test('find - a number that very many share tells 50, and that there are more', async () => {
  const { contacts, redis } = await startContacts();
  const where = customers({ externalIdColumn: undefined });
  const ids: string[] = [];
  for (let at = 0; at < 120; at += 1) {
    ids.push((await contacts.add(where, { phone: '4155550123', name: `n${at}` })).contact.contactId);
  }
  const found = await contacts.find(where, '+14155550123');
  expect(found).toMatchObject({ match: 'e164', more: true });
  expect(found.contacts.map(({ contactId }) => contactId)).toEqual(
    ids.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, 50),
  );
  for (const id of ids.slice(50)) expect(await contacts.remove('acme', 'customers', id)).toBe(true);
  expect(await contacts.find(where, '4155550123')).toMatchObject({ more: false, contacts: { length: 50 } });
  for (const id of ids.slice(0, 50)) await contacts.remove('acme', 'customers', id);
  expect(await redis.keys('*')).toEqual(['pc:1:{acme}:contacts:customers:schemas']);
});

test('find - a database in which very many numbers end alike holds nobody up, and says what it left out', async () => {
  const { contacts, redis } = await startContacts();
  const where = customers();
  await contacts.add(where, ann);
  const bucket = 'pc:1:{acme}:contacts:customers:number:50123';
  const entries = Array.from({ length: 60_000 }, (_, at) => [`3.${10_000 + at}50123`, 'cnobodyatall0000']);
  await redis.hset(bucket, Object.fromEntries(entries));
  expect(names(await contacts.find(where, '+14155550123'))).toEqual(['e164', ['Ann']]);
  expect(await contacts.find(where, '+49 30 7750123')).toMatchObject({ contacts: [], more: true });
});

test('update - replaces all values and their numbers; an external id is given once and stays', async () => {
  const { contacts } = await startContacts();
  const where = customers();
  const { contact } = await contacts.add(where, { phone: '4155550123', name: 'Ann', second: '2125550100' });
  const change = (values: Record<string, string>, id = contact.contactId): Promise<unknown> =>
    contacts.update(where, id, values);
  expect(await change({ phone: '4155550199', name: 'Anna', id: 'A-1' })).toMatchObject({ outcome: 'updated' });
  expect(await change({ phone: '4155550199', name: 'Anna', id: 'A-1' })).toMatchObject({ outcome: 'unchanged' });
  expect((await contacts.find(where, '4155550123')).contacts).toEqual([]);
  expect((await contacts.find(where, '2125550100')).contacts).toEqual([]);
  expect(names(await contacts.find(where, '4155550199'))).toEqual(['e164', ['Anna']]);
  expect(await contacts.byExternalId('acme', 'customers', 'A-1')).toMatchObject({ contactId: contact.contactId });
  expect(await change({ phone: '4155550199', id: 'A-2' })).toEqual({ outcome: 'external-id-fixed' });
  expect(await change({ phone: '4155550199' })).toEqual({ outcome: 'external-id-fixed' });
  expect(await change({ phone: '4155550199' }, 'nobody')).toEqual({ outcome: 'missing' });
  const { contact: second } = await contacts.add(where, { phone: '4155550111' });
  expect(await change({ phone: '4155550111', id: 'A-1' }, second.contactId)).toEqual({ outcome: 'external-id-taken' });
  expect(await contacts.add(where, { phone: '4155550100', id: 'A-1' })).toMatchObject({
    outcome: 'exists',
    contact: { contactId: contact.contactId, values: { name: 'Anna' } },
  });
  await contacts.remove('acme', 'customers', contact.contactId);
  expect(await contacts.byExternalId('acme', 'customers', 'A-1')).toBeUndefined();
  expect(await change({ phone: '4155550111', id: 'A-1' }, second.contactId)).toMatchObject({ outcome: 'updated' });
});

test('rows are read with the columns they were written with', async () => {
  const { contacts, redis } = await startContacts();
  const { contact } = await contacts.add(customers(), ann);
  await contacts.add(customers({ columns: ['id', 'street', 'name', 'phone'], phoneColumns: ['phone'] }), {
    phone: '2125550100',
    street: 'Main',
  });
  expect((await createContacts(redis).get('acme', 'customers', contact.contactId))?.values).toEqual(ann);
});

test('however contacts are added, changed and removed, numbers find exactly who has them', async () => {
  const { contacts, redis } = await startContacts();
  const phone = fc.constantFrom('4155550101', '4155550102', '+493055501', '+443055501', '2125550101');
  const values = fc.record(
    { phone, second: phone, name: fc.constantFrom('A', 'B'), id: fc.constantFrom('1', '2', '3') },
    { requiredKeys: ['phone'] },
  );
  const step = fc.record({ what: fc.constantFrom('add', 'update', 'update', 'remove'), at: fc.nat(), values });
  const where = customers();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const ids = new Set<string>();
      for (const { what, at, values: given } of steps) {
        const known = [...ids][at % Math.max(1, ids.size)] ?? 'nobody';
        if (what === 'add') ids.add((await contacts.add(where, given)).contact.contactId);
        else if (what === 'update') await contacts.update(where, known, given);
        else if (await contacts.remove('acme', 'customers', known)) ids.delete(known);
      }
      const { contacts: all } = await contacts.list('acme', 'customers', { limit: 1000 });
      expect(new Set(all.map(({ contactId }) => contactId))).toEqual(ids);
      for (const number of ['+14155550101', '+14155550102', '+493055501', '+443055501', '+12125550101']) {
        const has = all.filter((each) =>
          [each.values.phone, each.values.second].some((text) => text !== undefined && number.endsWith(text)),
        );
        const { match, contacts: found } = await contacts.find(where, number);
        if (match === 'e164' || has.length > 0) expect(new Set(found)).toEqual(new Set(has));
      }
      for (const external of ['1', '2', '3']) {
        const has = all.filter(({ externalId }) => externalId === external);
        expect(has.length).toBeLessThanOrEqual(1);
        expect(await contacts.byExternalId('acme', 'customers', external)).toEqual(has[0]);
      }
      for (const id of ids) await contacts.remove('acme', 'customers', id);
      expect((await redis.keys('*')).filter((key) => !key.endsWith(':schemas'))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('list - pages tell every contact', async () => {
  const { contacts } = await startContacts();
  const where = customers();
  for (let at = 0; at < 700; at += 1) await contacts.add(where, { phone: `415555${1000 + at}`, id: `${at}` });
  const seen = new Set<string>();
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await contacts.list('acme', 'customers', { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    for (const { externalId } of page.contacts) seen.add(externalId ?? '');
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== undefined);
  expect([seen.size, await contacts.count('acme', 'customers')]).toEqual([700, 700]);
  expect(pages).toBeGreaterThan(3);
});
