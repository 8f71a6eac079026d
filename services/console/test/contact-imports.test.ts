import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ContactImportReport, contactImport, contactImportReport } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

interface Fixture extends ConsoleFixture {
  readonly secret: string;
  readonly upload: (csv: string, query?: string, type?: string) => Promise<Response>;
  readonly importOf: (importId: string) => Promise<ContactImportReport>;
}

const path = '/v1/contact-databases/customers/imports';

async function start(): Promise<Fixture> {
  const fixture = await startConsole();
  await fixture.config.put('acme', 'contact-database', {
    id: 'customers',
    name: 'Customers',
    columns: ['phone', 'name', 'id'],
    phoneColumns: ['phone'],
    externalIdColumn: 'id',
  });
  const secret = await fixture.token('acme', 'contacts:read', 'contacts:write');
  const { request } = fixture;
  return {
    ...fixture,
    secret,
    upload: (body, query = '', type = 'text/csv') =>
      request(`${path}${query}`, { method: 'POST', token: secret, body, headers: { 'content-type': type } }),
    importOf: async (importId) =>
      jsonOf(await request(`/v1/imports/${importId}`, { token: secret }), contactImportReport),
  };
}

const fileOf = (count: number): string =>
  ['id,phone,name', ...Array.from({ length: count }, (_, at) => `${at},+1415${2_000_000 + at},Name ${at}`), ''].join(
    '\n',
  );

/** An upload that goes on for as long as the test likes. */
function openUpload(
  { service, secret }: Fixture,
  query: string,
): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'text/csv' };
  const sent = httpRequest(new URL(`${path}${query}`, service.url), { method: 'POST', headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  answer.catch(() => undefined);
  return { sent, answer };
}

test('imports - a file larger than other bodies may be is imported, and told', async () => {
  const { upload, request, secret } = await start();
  const csv = `${fileOf(3000)}3001,x,Bad\n${' '.repeat(1 << 20)}\n`;
  const answer = await upload(csv, '?importId=first');
  expect([answer.status, answer.headers.get('location')]).toEqual([200, '/v1/imports/first']);
  const report = await jsonOf(answer, contactImportReport);
  expect(report).toMatchObject({
    state: 'done',
    added: 3000,
    refused: 1,
    lines: 3003,
    badLines: [{ line: 3002, column: 'phone' }],
  });
  expect(await jsonOf(await upload(csv), contactImportReport)).toMatchObject({ added: 0, unchanged: 3000, refused: 1 });
  const listing = z.object({ imports: z.array(contactImport) });
  const { imports } = await jsonOf(await request('/v1/imports', { token: secret }), listing);
  expect(imports.map(({ unchanged }) => unchanged)).toEqual([3000, 0]);
  expect(imports[1]?.importId).toBe('first');
});

test('imports - contacts are changed only when that was asked for', async () => {
  const { upload, request, secret: token } = await start();
  await upload('phone;name;id\n4155550101;Ann;1\n');
  const second = 'phone;name;id\n4155550102;Anna;1\n';
  expect(await jsonOf(await upload(second), contactImportReport)).toMatchObject({ unchanged: 1, updated: 0 });
  expect(await jsonOf(await upload(second, '?update=true'), contactImportReport)).toMatchObject({ updated: 1 });
  const found = await request('/v1/contact-databases/customers/contacts?phone=4155550102', { token });
  expect(await found.json()).toMatchObject({ contacts: [{ values: { name: 'Anna' } }] });
});

test('imports - refused: header, encoding, type, id, database', async () => {
  const { upload, request, secret: token } = await start();
  expect(await refusalOf(await upload('phone,mail\n'))).toMatchObject({
    status: 400,
    issues: [{ path: 'mail', message: expect.stringMatching(/expected one of phone, name, id/) }],
  });
  expect(await refusalOf(await upload('{}', '', 'application/json'))).toMatchObject({ status: 415 });
  expect(await refusalOf(await upload(fileOf(1), '?importId=a%20b'))).toMatchObject({
    status: 400,
    issues: [{ path: 'query.importId' }],
  });
  await upload(fileOf(1), '?importId=used');
  expect(await refusalOf(await upload(fileOf(1), '?importId=used'))).toMatchObject({ status: 409 });
  const unknown = await request('/v1/imports/nothing', { token });
  expect(await refusalOf(unknown)).toMatchObject({ status: 404 });
});

test('imports - progress is told while the file comes, and the rest is imported when it comes late', async () => {
  const fixture = await start();
  const { sent, answer } = openUpload(fixture, '?importId=slow');
  sent.write(fileOf(2000));
  await eventually(async () => expect(await fixture.importOf('slow')).toMatchObject({ state: 'running', added: 2000 }));
  sent.end('9999,+14159999999,Late\n');
  const response = await answer;
  expect([response.statusCode, JSON.parse(await text(response))]).toMatchObject([200, { state: 'done', added: 2001 }]);
});

test('imports - who is still sending reads why it was refused', async () => {
  const fixture = await start();
  const { sent, answer } = openUpload(fixture, '?importId=bad');
  sent.write('phone,mail\n');
  const response = await answer;
  expect([response.statusCode, await text(response)]).toEqual([400, expect.stringContaining('not a column')]);
  sent.destroy();
  expect(await fixture.importOf('bad')).toMatchObject({ state: 'failed', message: expect.stringContaining('mail') });
});

test('imports - an upload that is cut is told as interrupted, and the file again completes it', async () => {
  const fixture = await start();
  const { sent } = openUpload(fixture, '?importId=cut');
  sent.write(`${fileOf(2000)}2000,+14159999999,Ha`);
  await eventually(async () => expect((await fixture.importOf('cut')).added).toBeGreaterThan(0));
  sent.destroy();
  await eventually(async () => expect(await fixture.importOf('cut')).toMatchObject({ state: 'interrupted' }));
  const { added } = await fixture.importOf('cut');
  const again = await jsonOf(await fixture.upload(`${fileOf(2000)}2000,+14159999999,Hans\n`), contactImportReport);
  expect(again).toMatchObject({ added: 2001 - added, unchanged: added });
});

test('imports - Redis that goes away is told as 503 and not as the fault of the file', async () => {
  const fixture = await start();
  const { sent, answer } = openUpload(fixture, '?importId=away');
  sent.write(fileOf(500));
  await eventually(async () => expect((await fixture.importOf('away')).added).toBeGreaterThan(0));

  fixture.redis.disconnect();
  sent.end(fileOf(1000).slice(fileOf(500).length));
  const response = await answer;
  expect([response.statusCode, await text(response)]).toEqual([503, expect.stringContaining('redis_unavailable')]);
});

test('imports - their API is described, with the type of the file', async () => {
  const { request } = await start();
  const operation = z.object({ requestBody: z.object({ content: z.record(z.string(), z.unknown()) }) });
  const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { paths } = await jsonOf(await request('/openapi.json'), document);
  const upload = operation.parse(paths['/v1/contact-databases/{id}/imports']?.post);
  expect(Object.keys(upload.requestBody.content)).toEqual(['text/csv']);
});

test('imports - columns of the file are assigned to those of the database; the others are left out', async () => {
  const { upload, request, secret: token } = await start();
  const csv = 'Name;Telephone;Shoe size\nAnn;4155550101;38\nBob;no number;44\n';
  const columns = (assigned: object): string => `?columns=${encodeURIComponent(JSON.stringify(assigned))}`;
  const report = await jsonOf(await upload(csv, columns({ Telephone: 'phone', Name: 'name' })), contactImportReport);
  expect(report).toMatchObject({ added: 1, refused: 1, badLines: [{ line: 3, column: 'phone' }] });
  const found = await request('/v1/contact-databases/customers/contacts?phone=4155550101', { token });
  expect(await found.json()).toMatchObject({ contacts: [{ values: { phone: '4155550101', name: 'Ann' } }] });
  const refused = async (query: string) => refusalOf(await upload(csv, query));
  expect(await refused(columns({ Phone: 'phone' }))).toMatchObject({ status: 400, issues: [{ path: 'Phone' }] });
  expect(await refused(columns({ Name: 'name' }))).toMatchObject({ status: 400, issues: [{ path: 'phone' }] });
  expect(await refused('?columns=no')).toMatchObject({ status: 400 });
});

test('exports - what is exported can be imported again and changes nothing, whatever stands in a value', async () => {
  const { upload, request, secret: token } = await start();
  await upload('id,phone,name\n1,+14155550101,"Ann ""the ""\nBell, Dr."\n2,+14155550102,=1+1\n');
  const exported = await request('/v1/contact-databases/customers/export', { token });
  expect([exported.status, exported.headers.get('content-disposition')]).toEqual([
    200,
    'attachment; filename="customers.csv"',
  ]);
  const csv = await exported.text();
  expect(csv).toContain('"Ann ""the ""\nBell, Dr."');
  expect(await jsonOf(await upload(csv, '?update=true'), contactImportReport)).toMatchObject({
    added: 0,
    updated: 0,
    unchanged: 2,
    refused: 0,
  });
  expect((await request('/v1/contact-databases/none/export', { token })).status).toBe(404);
});
