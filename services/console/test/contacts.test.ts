import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

const base = '/v1/contact-databases/customers';
const ann = { phone: '+1 415 555 0123', name: 'Ann', id: 'A-1' };
const one = z.looseObject({ outcome: z.string(), contact: z.looseObject({ contactId: z.string() }) });

async function startWithDatabase(): Promise<ConsoleFixture & { readonly secret: string }> {
  const fixture = await startConsole();
  for (const tenantId of ['acme', 'umbrella']) {
    await fixture.config.put(tenantId, 'contact-database', {
      id: 'customers',
      name: 'Customers',
      columns: ['phone', 'name', 'id'],
      phoneColumns: ['phone'],
      externalIdColumn: 'id',
    });
  }
  await fixture.config.put('acme', 'tenant', { id: 'acme', name: 'Acme', defaultRegion: 'US' });
  return { ...fixture, secret: await fixture.token() };
}

test('contacts - added, found, changed and removed', async () => {
  const { request, secret: token } = await startWithDatabase();
  const post = (values: unknown): Promise<Response> =>
    request(`${base}/contacts`, { method: 'POST', token, body: { values } });
  const first = await post(ann);
  expect(first.status).toBe(201);
  const { contact } = await jsonOf(first, one);
  const again = await post(ann);
  expect([again.status, (await jsonOf(again, one)).outcome]).toEqual([200, 'unchanged']);
  const get = async (path: string): Promise<unknown> => (await request(`${base}${path}`, { token })).json();
  expect(await get(`/contacts/${contact.contactId}`)).toEqual(contact);
  expect(await get('/contacts?phone=(415)%20555-0123')).toEqual({ contacts: [contact], match: 'e164', more: false });
  expect(await get('/contacts?phone=anonymous')).toEqual({ contacts: [], more: false });
  expect(await get('/contacts?externalId=A-1')).toEqual({ contacts: [contact] });
  expect(await get('/contacts?limit=10')).toEqual({ contacts: [contact] });
  expect(await get('/metadata')).toEqual({
    id: 'customers',
    name: 'Customers',
    columns: ['phone', 'name', 'id'],
    mainPhone: 'phone',
    phoneColumns: ['phone'],
    externalIdColumn: 'id',
    lastDigits: 8,
    contacts: 1,
  });
  const path = `${base}/contacts/${contact.contactId}`;
  const put = await request(path, { method: 'PUT', token, body: { values: { ...ann, name: 'Anna' } } });
  expect(await jsonOf(put, one)).toMatchObject({ outcome: 'updated', contact: { values: { name: 'Anna' } } });
  expect((await request(path, { method: 'DELETE', token })).status).toBe(204);
  expect((await request(path, { method: 'DELETE', token })).status).toBe(404);
});

test('contacts - what does not fit is refused with the column and the remedy', async () => {
  const { request, secret: token } = await startWithDatabase();
  const write = async (values: unknown, path = '', method = 'POST'): Promise<unknown> =>
    refusalOf(await request(`${base}/contacts${path}`, { method, token, body: { values } }));
  expect(await write({ name: 'Ann' })).toMatchObject({
    status: 400,
    issues: [{ path: 'phone', message: expect.stringMatching(/expected a telephone number/) }],
  });
  expect(await write({ ...ann, mail: 'x' })).toMatchObject({ status: 400, issues: [{ path: 'mail' }] });
  const created = await request(`${base}/contacts`, { method: 'POST', token, body: { values: ann } });
  const { contact } = await jsonOf(created, one);
  expect(await write({ ...ann, name: 'B' })).toMatchObject({
    status: 409,
    code: 'already_exists',
    message: expect.stringMatching(/"id": "A-1" is/),
  });
  expect(await write({ ...ann, id: 'A-2' }, `/${contact.contactId}`, 'PUT')).toMatchObject({
    status: 409,
    message: expect.stringMatching(/"id": expected/),
  });
  expect(await write(ann, '/nobody', 'PUT')).toMatchObject({ status: 404 });
  const both = await request(`${base}/contacts?phone=1&externalId=2`, { token });
  expect(await refusalOf(both)).toMatchObject({ status: 400, message: 'expected phone or externalId, not both' });
  // Redis refuses it, which was told as trouble of Redis.
  const beyond = await request(`${base}/contacts?cursor=99999999999999999999`, { token });
  expect(await refusalOf(beyond)).toMatchObject({ status: 400, issues: [{ path: 'query.cursor' }] });
  const strange = await request('/v1/contact-databases/none/contacts', { token });
  expect(await refusalOf(strange)).toMatchObject({
    status: 404,
    message: expect.stringMatching(/add it to the configuration/),
  });
});

test('contacts - by their own tenant only, and with the scopes', async () => {
  const { request, secret, token } = await startWithDatabase();
  const created = await request(`${base}/contacts`, { method: 'POST', token: secret, body: { values: ann } });
  const { contact } = await jsonOf(created, one);
  const umbrella = await token('umbrella');
  expect((await request(`${base}/contacts/${contact.contactId}`, { token: umbrella })).status).toBe(404);
  expect(await (await request(`${base}/contacts?phone=4155550123`, { token: umbrella })).json()).toMatchObject({
    contacts: [],
  });
  const reader = await token('acme', 'contacts:read');
  expect((await request(`${base}/contacts`, { token: reader })).status).toBe(200);
  const writer = await token('acme', 'contacts:write');
  expect((await request(`${base}/contacts`, { token: writer })).status).toBe(403);
  const paths = [
    ['POST', `${base}/contacts`],
    ['PUT', `${base}/contacts/${contact.contactId}`],
    ['DELETE', `${base}/contacts/${contact.contactId}`],
    ['POST', `${base}/imports`],
    ['PUT', '/v1/calls/c-1/contact'],
  ] as const;
  for (const [method, path] of paths) {
    expect([path, (await request(path, { method, token: reader })).status]).toEqual([path, 403]);
    expect([path, (await request(path, { method })).status]).toEqual([path, 401]);
  }
});

test('contacts - a call is linked to a contact that is there', async () => {
  const { request, secret: token, token: mint } = await startWithDatabase();
  const created = await request(`${base}/contacts`, { method: 'POST', token, body: { values: ann } });
  const { contact } = await jsonOf(created, one);
  const path = '/v1/calls/c-lab-1/contact';
  const link = (contactId: string): Promise<Response> =>
    request(path, { method: 'PUT', token, body: { databaseId: 'customers', contactId } });
  expect((await request(path, { token })).status).toBe(404);
  expect(await refusalOf(await link('nobody'))).toMatchObject({
    status: 404,
    message: expect.stringMatching(/expected one that is there/),
  });
  expect(await (await link(contact.contactId)).json()).toEqual(contact);
  expect(await (await request(path, { token })).json()).toEqual(contact);
  expect((await request(path, { token: await mint('umbrella') })).status).toBe(404);
});
