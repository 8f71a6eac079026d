import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ContactImportReport } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type ContactImports, createContactImports, type ImportRequest } from '../src/imports.ts';
import type { DatabaseOfTenant } from '../src/prepare.ts';
import { type ContactsFixture, contentOf, customers, startContacts } from './fixture.ts';

interface Fixture extends ContactsFixture {
  readonly imports: ContactImports;
  readonly importText: (
    text: string | Buffer,
    more?: Partial<ImportRequest>,
    where?: DatabaseOfTenant,
  ) => Promise<ContactImportReport>;
}

async function start(): Promise<Fixture> {
  const fixture = await startContacts();
  const imports = createContactImports(fixture.redis);
  let count = 0;
  return {
    ...fixture,
    imports,
    importText: (text, more = {}, where = customers()) => {
      count += 1;
      return imports.run(where, { importId: `i${count}`, update: false, source: inChunks(text), ...more });
    },
  };
}

/** What is kept of the contacts, without the log of the imports. */
const contactsOf = async (redis: Redis): Promise<unknown> =>
  Object.fromEntries(Object.entries(await contentOf(redis)).filter(([key]) => key.includes(':contacts:')));

async function* inChunks(text: string | Buffer, size = 50_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const rowOf = (at: number): string => `A-${at},+1415${String(2_000_000 + at)},Name ${at},Berlin`;
const fileOf = (count: number): string =>
  ['id,phone,name,city', ...Array.from({ length: count }, (_, at) => rowOf(at)), ''].join('\n');

test('import - rows become contacts; the same file again changes nothing', async () => {
  const { importText, contacts, redis } = await start();
  const text = `${fileOf(1500)},4155550123,Ann,\n,4155550123,Bob,\n`;
  const first = await importText(text);
  expect(first).toMatchObject({ state: 'done', lines: 1503, added: 1502, updated: 0, unchanged: 0, refused: 0 });
  expect(first.bytes).toBe(Buffer.byteLength(text));
  const before = await contactsOf(redis);
  expect(await importText(text)).toMatchObject({ added: 0, unchanged: 1502, refused: 0 });
  expect(await importText(text, { update: true }).catch((error: unknown) => error)).toMatchObject({
    message: expect.stringMatching(/"second": missing: an update expects all columns/),
  });
  expect(await contactsOf(redis)).toEqual(before);
  expect((await contacts.find(customers(), '4155550123')).contacts).toHaveLength(2);
});

test('import - an update changes who is there, and their numbers; without it they stay', async () => {
  const { importText, contacts } = await start();
  const head = 'second;id;city;phone;name\r\n';
  await importText(`${head};1;Rome;4155550101;Ann\r\n;2;Rome;4155550102;Bob\r\n`);
  const second = `${head};1;Paris;4155550109;Ann\r\n;2;Rome;4155550102;Bob\r\n;3;Rome;4155550103;Cy\r\n`;
  expect(await importText(second)).toMatchObject({ added: 1, updated: 0, unchanged: 2 });
  expect((await contacts.byExternalId('acme', 'customers', '1'))?.values.city).toBe('Rome');
  expect(await importText(second, { update: true })).toMatchObject({ added: 0, updated: 1, unchanged: 2 });
  expect((await contacts.find(customers(), '4155550101')).contacts).toEqual([]);
  expect((await contacts.find(customers(), '4155550109')).contacts[0]?.values.city).toBe('Paris');
});

test('import - the header is read in any order, delimiter, with byte order mark, CR LF, quotes and a hint', async () => {
  const { contacts, importText, redis } = await start();
  const texts = [
    '\uFEFFphone,name,id\r\n4155550101,"Ann, ""A""",1\r\n',
    'id;name;phone\n1;"Ann, ""A""";4155550101',
    'name\tid\tphone\n"Ann, ""A"""\t1\t4155550101\n',
    '\uFEFFsep=;\r\n"id";"name";"phone"\r\n"1";"Ann, ""A""";"4155550101"\r\n',
    '\n\n id , name , phone \n1,"Ann, ""A""",4155550101\n',
  ];
  for (const text of texts) {
    await redis.flushall();
    expect(await importText(text)).toMatchObject({ added: 1, refused: 0 });
    const { contacts: found } = await contacts.find(customers(), '4155550101');
    expect(found[0]?.values).toEqual({ phone: '4155550101', name: 'Ann, "A"', id: '1' });
  }
});

test('import - a header that does not fit is refused with the columns and the remedy, before anything is read', async () => {
  const { importText, imports, redis } = await start();
  const refusal = async (
    text: string | Buffer,
    more: Partial<ImportRequest> = {},
    where = customers(),
  ): Promise<string> => {
    const error = await importText(text, more, where).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ class: 'permanent', code: 'invalid_request' });
    return (error as Error).message;
  };
  expect(await refusal('id,name\n1,Ann\n')).toMatch(/"phone": missing: expected the column of the main phone/);
  expect(await refusal('phone,mail\n1,2\n')).toMatch(
    /"mail": not a column of the database: expected one of phone, name/,
  );
  expect(await refusal('phone,name,name\n')).toMatch(/"name": expected each column once/);
  expect(await refusal('')).toMatch(/the file is empty: expected a header/);
  expect(await refusal(' \n\n')).toMatch(/the file is empty/);
  for (const none of ['x', '\n', 'a,b\r'])
    expect(await refusal(none.repeat(200_000))).toMatch(/^no header in the first/);
  const without = customers({ externalIdColumn: undefined });
  expect(await refusal('phone\n4155550101\n', { update: true }, without)).toMatch(/set externalIdColumn/);
  expect(await refusal(Buffer.from('phone,name\n4155550101,x\n4155550102,M\u00fcller\n', 'latin1'))).toBe(
    'line 3 is not UTF-8: save the file as "CSV UTF-8" and import it again',
  );
  expect(await refusal(Buffer.from('\uFEFFphone\n', 'utf16le'))).toMatch(/the file is UTF-16/);
  expect((await redis.keys('*')).filter((key) => key.includes(':contacts:'))).toEqual([]);
  const states = (await imports.list('acme')).map(({ state, message }) => [state, message !== undefined]);
  expect(states).toEqual(Array.from({ length: 11 }, () => ['failed', true]));
});

test('import - a character that is cut by a chunk is read, a file that ends within one is not', async () => {
  const { importText, contacts } = await start();
  const text = Buffer.from('phone,name\n4155550101,Zo\u00eb \u{1F600}\n');
  expect(await importText(text, { source: inChunks(text, 1) })).toMatchObject({ added: 1, lines: 2 });
  expect((await contacts.find(customers(), '4155550101')).contacts[0]?.values.name).toBe('Zo\u00eb \u{1F600}');
  const broken = Buffer.from('phone,name\n4155550102,Zo\u00eb').subarray(0, -1);
  await expect(importText(broken)).rejects.toMatchObject({ message: expect.stringMatching(/^line 2 is not UTF-8/) });
});

test('import - bad lines are told by physical line and column; the others are imported', async () => {
  const { importText, imports } = await start();
  const lines = [
    'phone,name,second,id', // 1
    '4155550101,Ann,,1', // 2
    ',Bob,,2', // 3
    'unknown,Cy,,3', // 4
    '', // 5
    '4155550102,"over', // 6
    'three', // 7
    'lines",,4', // 8
    '4155550103,Di', // 9
    '4155550104,Ed,,5,x', // 10
    '4155550105,Flo,,1', // 11
    '4155550106,Gus,n/a,6', // 12
    `4155550107,${'x'.repeat(1024 * 1024)},,7`, // 13
    '"=cmd|calc",=1+1,,8', // 14
    '4155550108,"no end,,9', // 15
    '4155550109,=1+1,,10', // 16
  ];
  const report = await importText(lines.join('\r\n'));
  expect(report).toMatchObject({ state: 'done', lines: 16, added: 3, refused: 9 });
  const told = report.badLines.map(({ line, column, reason }) => [line, column, reason.split(/[:;]/)[0]]);
  expect(told).toEqual([
    [3, 'phone', 'missing main phone'],
    [4, 'phone', 'not a phone number'],
    [9, undefined, 'too few fields'],
    [10, undefined, 'too many fields'],
    [11, 'id', 'duplicate external id'],
    [12, 'second', 'not a phone number'],
    [13, 'name', 'value too long'],
    [14, 'phone', 'not a phone number'],
    [15, undefined, 'a quote is opened and never closed'],
  ]);
  expect(report.badLines[4]?.reason).toMatch(/line 2 has it already/);
  expect(await imports.get('acme', report.importId)).toEqual(report);
  expect(await imports.get('umbrella', report.importId)).toBeUndefined();
});

test('import - of many bad lines the first 1,000 are told, and all are counted', async () => {
  const { importText, imports } = await start();
  const report = await importText(`phone\n${'x\n'.repeat(2500)}`);
  expect(report).toMatchObject({ refused: 2500, added: 0, badLines: { length: 1000 } });
  expect((await imports.get('acme', report.importId))?.badLines.at(-1)?.line).toBe(1001);
});

test('import - any values in a file are the values of the contacts', async () => {
  const { importText, contacts, redis } = await start();
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', ' ', '='), maxLength: 8 }),
  );
  const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 8 }), async (rows) => {
      await redis.flushall();
      const values = rows.map(([name, city], at) => ({ phone: `415555${1000 + at}`, id: `${at}`, name, city }));
      const lines = values.map((each) => [each.city, each.id, each.phone, each.name].map(quoted).join(','));
      const report = await importText(['city,id,phone,name', ...lines].join('\n'));
      expect(report).toMatchObject({ added: rows.length, refused: 0 });
      for (const each of values) {
        const stored = await contacts.byExternalId('acme', 'customers', each.id);
        expect(stored?.values).toEqual(Object.fromEntries(Object.entries(each).filter(([, value]) => value !== '')));
      }
    }),
    { numRuns: 40 },
  );
});

test('import - shuffled updates end as their last values, whatever the order of rows within a file', async () => {
  const { importText, contacts } = await start();
  const head = 'phone,name,second,id,city';
  const people = Array.from({ length: 300 }, (_, at) => at);
  for (let round = 0; round < 4; round += 1) {
    const shuffled = people.toSorted((a, b) => ((a * 7919 + round * 31) % 300) - ((b * 7919 + round * 31) % 300));
    const rows = shuffled.map((at) => `415${round}55${1000 + at},n${round},,${at},`);
    const report = await importText([head, ...rows].join('\n'), { update: true });
    expect(report).toMatchObject(round === 0 ? { added: 300 } : { updated: 300, added: 0 });
  }
  for (const at of [0, 150, 299]) {
    expect((await contacts.find(customers(), `415355${1000 + at}`)).contacts[0]?.externalId).toBe(`${at}`);
    expect((await contacts.find(customers(), `415255${1000 + at}`)).match).not.toBe('e164');
  }
});

test('import - two at once of overlapping files: each contact once, each line counted once', async () => {
  const { importText, contacts, redis } = await start();
  const connection = redis.duplicate();
  onTestFinished(() => connection.disconnect());
  const other = createContactImports(connection);
  const [one, two] = await Promise.all([
    importText(fileOf(3000)),
    other.run(customers(), { importId: 'other', update: false, source: inChunks(fileOf(4000)) }),
  ]);
  expect(one.added + two.added).toBe(4000);
  expect(one.unchanged + two.unchanged).toBe(3000);
  expect(await contacts.count('acme', 'customers')).toBe(4000);
  expect((await contacts.find(customers(), '+14152001234')).contacts).toHaveLength(1);
});

test('import - an id is used once', async () => {
  const { importText, imports } = await start();
  await importText('phone\n4155550101\n', { importId: 'same' });
  await expect(importText('phone\n', { importId: 'same' })).rejects.toMatchObject({ code: 'already_exists' });
  expect(await imports.get('acme', 'same')).toMatchObject({ state: 'done', added: 1 });
});

test('import - an upload that breaks off imports no half line, and is told as interrupted', async () => {
  const { importText, imports, contacts } = await start();
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${fileOf(1000)}A-half,+14155550123,Ann`);
    throw new Error('aborted');
  }
  const failing = importText('', { importId: 'broken', source: breaking() });
  await expect(failing).rejects.toMatchObject({ class: 'transient', code: 'upload_broken' });
  expect(await imports.get('acme', 'broken')).toMatchObject({
    state: 'interrupted',
    message: expect.stringMatching(/import the file again/),
  });
  expect(await contacts.byExternalId('acme', 'customers', 'A-half')).toBeUndefined();
});

test('import - killed in the middle: what was imported stays, its numbers with it, and the file again completes it', async () => {
  const { importText, imports, contacts, redis, url } = await start();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'import-main.ts'), url, 'killed'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const text = fileOf(5000);
  child.stdin.write(text.slice(0, text.length / 2));
  await eventually(async () => expect(await contacts.count('acme', 'customers')).toBeGreaterThan(1000));
  await eventually(async () => expect((await imports.get('acme', 'killed'))?.state).toBe('running'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const alive = 'pc:1:{acme}:contact-import:killed:alive';
  expect(await redis.pttl(alive)).toBeLessThanOrEqual(15_000);
  // As if those seconds had passed.
  await redis.pexpire(alive, 1);
  await eventually(async () => expect((await imports.get('acme', 'killed'))?.state).toBe('interrupted'));
  expect((await imports.list('acme'))[0]).toMatchObject({ importId: 'killed', state: 'interrupted' });
  const before = await contacts.count('acme', 'customers');
  const report = await importText(text);
  expect(report).toMatchObject({ added: 5000 - before, unchanged: before, refused: 0 });
  const again = await startContacts();
  await createContactImports(again.redis).run(customers(), { importId: 'x', update: false, source: inChunks(text) });
  expect(await contactsOf(redis)).toEqual(await contactsOf(again.redis));
});
