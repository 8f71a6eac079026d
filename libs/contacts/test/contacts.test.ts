import { expect, test } from 'vitest';
import type { Found } from '../src/contacts.ts';
import { contentOf, customers, startContacts } from './fixture.ts';

const ann = { phone: '+1 415 555 0123', name: 'Ann', id: 'A-1' };
const names = ({ match, contacts }: Found): unknown => [match, contacts.map(({ values }) => values.name).toSorted()];

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
