import { expect, test } from 'vitest';
import { progressText } from '../src/commands/contacts.ts';
import { type CliFixture, fileWith, patchcordProcess, startCli } from './fixture.ts';

async function start(): Promise<CliFixture> {
  const fixture = await startCli();
  await fixture.config.put('acme', 'contact-database', {
    id: 'customers',
    name: 'Customers',
    columns: ['phone', 'name', 'id'],
    phoneColumns: ['phone'],
    externalIdColumn: 'id',
  });
  return fixture;
}

const good = 'phone;name;id\n4155550101;Ann;1\n4155550101;Bob;2\n';

test('contacts - imported from a file, and found by number', async () => {
  const { run } = await start();
  const file = fileWith(good, 'customers.csv');
  expect(await run(['contacts', 'import', 'customers', file])).toEqual({
    code: 0,
    out: '',
    err: '3 lines: 2 added, 0 updated, 0 unchanged, 0 refused\n',
  });
  expect((await run(['contacts', 'import', 'customers', file])).err).toMatch(/0 added, 0 updated, 2 unchanged/);
  const changed = fileWith(good.replace('Bob', 'Bo\u001b[2Jb'), 'changed.csv');
  expect((await run(['contacts', 'import', 'customers', changed, '--update'])).err).toMatch(/1 updated, 1 unchanged/);
  const found = await run(['contacts', 'find', 'customers', '(415) 555-0101']);
  expect([found.code, found.err]).toEqual([0, '2 by e164\n']);
  expect(found.out).toMatch(/^contact +phone +name +id\n/);
  expect(found.out).toContain('Bo\\x1b[2Jb');
  const json = JSON.parse((await run(['contacts', 'find', 'customers', '4155550101', '--json'])).out);
  expect(json).toMatchObject({ match: 'e164', contacts: [{}, {}] });
  expect(await run(['contacts', 'find', 'customers', '4155550199'])).toEqual({
    code: 0,
    out: '',
    err: 'nobody has this number\n',
  });
});

test('contacts - refused lines are printed with their numbers, the others imported, and the exit code is 1', async () => {
  const { run } = await start();
  const file = fileWith(`${good}x;Cy;3\n4155550104;Di;1\n`, 'customers.csv');
  const { code, out, err } = await run(['contacts', 'import', 'customers', file]);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^line +column +reason\n4 +phone +not a phone number: .*\n5 +id +duplicate external id: line 2 has it already/,
  );
  expect(err).toMatch(/^5 lines: 2 added, .* 2 refused\nerror: 2 lines were refused\n/);
});

test('contacts - read from standard input by a process of its own', async () => {
  const { env } = await start();
  const ran = await patchcordProcess(['contacts', 'import', 'customers', '-'], env, good);
  expect(ran).toMatchObject({ code: 0, err: expect.stringMatching(/^3 lines: 2 added/) });
});

test('contacts - a file that is not there, a header that does not fit, a database that is not there', async () => {
  const { run } = await start();
  expect(await run(['contacts', 'import', 'customers', '/nowhere.csv'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/cannot be read/),
  });
  expect(await run(['contacts', 'import', 'customers', '/'])).toMatchObject({ code: 2 });
  const wrong = await run(['contacts', 'import', 'customers', fileWith('phone;mail\n', 'wrong.csv')]);
  expect([wrong.code, wrong.err]).toEqual([
    1,
    expect.stringMatching(/mail: not a column of the database: expected one of/),
  ]);
  const nowhere = await run(['contacts', 'import', 'none', fileWith(good, 'customers.csv')]);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringMatching(/there is no contact database "none"/)]);
});

test('contacts - progress is told by share, size and lines', () => {
  const now = {
    importId: 'i',
    databaseId: 'customers',
    state: 'running' as const,
    update: false,
    startedAt: '2026-11-20T23:41:21.100Z',
    updatedAt: '2026-11-20T23:41:22.100Z',
    bytes: 25_000_000,
    lines: 250_001,
    added: 249_990,
    updated: 0,
    unchanged: 0,
    refused: 10,
  };
  const counts = '250001 lines: 249990 added, 0 updated, 0 unchanged, 10 refused';
  expect(progressText(now, 100_000_000)).toBe(`25 % (25.0 MB) ${counts}`);
  expect(progressText(now, undefined)).toBe(`(25.0 MB) ${counts}`);
});
