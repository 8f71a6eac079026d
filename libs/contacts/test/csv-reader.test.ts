import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvRecord, createCsvReader } from '../src/csv-reader.ts';

function readIn(pieces: readonly string[], delimiter = ',', maxRecordLength = 1000): CsvRecord[] {
  const reader = createCsvReader({ delimiter, maxRecordLength });
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const fieldsOf = (record: CsvRecord): unknown => ('fields' in record ? record.fields : record.problem);

/** Cuts a text at places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)), text.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

const written = (value: string, delimiter: string): string =>
  /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', 'a', ' ', '='), maxLength: 8 }),
);
const rows = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
const delimiters = fc.constantFrom(',', ';', '\t');
const lineEnds = fc.constantFrom('\n', '\r\n');

const file = fc.record({ all: rows, delimiter: delimiters, lineEnd: lineEnds, ends: fc.boolean() });
const places = fc.array(fc.nat(), { maxLength: 5 });

test('any rows, written as CSV and cut anywhere, are read back', () => {
  fc.assert(
    fc.property(file, places, ({ all, delimiter, lineEnd, ends }, at) => {
      const lines = all.map((row) => row.map((each) => written(each, delimiter)).join(delimiter));
      const text = lines.join(lineEnd) + (ends ? lineEnd : '');
      const read = readIn(cut(text, at), delimiter).map(fieldsOf);
      expect(read).toEqual(all.filter((row) => row.some((each) => each.trim() !== '')));
    }),
    { numRuns: 500 },
  );
});

test('reads as another parser does, and numbers lines as an editor does', () => {
  fc.assert(
    fc.property(rows, delimiters, (all, delimiter) => {
      const lines = all.map((row) => row.map((each) => written(each, delimiter)).join(delimiter));
      const text = lines.join('\n');
      const theirs = parse(text, { delimiter, relax_column_count: true, record_delimiter: '\n' });
      const notBlank = (row: readonly string[]): boolean => row.some((each) => each.trim() !== '');
      const ours = readIn([text], delimiter);
      expect(ours.map(fieldsOf)).toEqual(theirs.filter(notBlank));
      for (const { line } of ours) {
        const before = text
          .split('\n')
          .slice(0, line - 1)
          .join('\n');
        expect(lines.some((_, at) => lines.slice(0, at).join('\n') === before)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever the text is, however it is cut, it is read alike and to its end', () => {
  const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a'), maxLength: 60 });
  fc.assert(
    fc.property(text, places, (given, at) => {
      expect(readIn(cut(given, at))).toEqual(readIn([given]));
    }),
    { numRuns: 1000 },
  );
});

test('lines are physical ones: values over several lines, blank lines and CR LF counted', () => {
  const text = 'a,b\r\n\r\n"one\r\ntwo\nthree",x\r\n,\r\n"q""q",y\r\nlast,z';
  expect(readIn([text])).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 3, fields: ['one\r\ntwo\nthree', 'x'] },
    { line: 7, fields: ['q"q', 'y'] },
    { line: 8, fields: ['last', 'z'] },
  ]);
  const reader = createCsvReader({ delimiter: ',' });
  reader.push(text);
  reader.end();
  expect(reader.lines).toBe(8);
});

test('a bad quote costs the line on which it stands, and no other', () => {
  expect(readIn(['a,b\n"x"y,c\nd,e\n'])).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, problem: 'a quote ends in the middle of a field' },
    { line: 3, fields: ['d', 'e'] },
  ]);
  expect(readIn(['a,b\n"open,c\nd,e\nf,g'])).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, problem: 'a quote is opened and never closed' },
    { line: 3, fields: ['d', 'e'] },
    { line: 4, fields: ['f', 'g'] },
  ]);
});

test('a record that is too long costs its first line, in bounded memory', () => {
  const filler = Array.from({ length: 300 }, (_, at) => `${at},x`);
  const [first, ...others] = readIn([`"open,c\n${filler.join('\n')}`]);
  expect(first).toMatchObject({ line: 1, problem: expect.stringContaining('value too long') });
  expect(others.map(fieldsOf)).toEqual(filler.map((line) => line.split(',')));
  const long = 'x'.repeat(5000);
  expect(readIn(['a,b\n', long, long, `${long}\nd,e\n`])).toMatchObject([{ line: 1 }, { line: 2 }, { line: 3 }]);
});

test('lines whose quotes open all the next ones: 56 KB held the process up for 15 s', () => {
  const lines = 8000;
  const startedAt = performance.now();
  const records = readIn(['x","""\n'.repeat(lines)], ',', 1024 * 1024);
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(records).toHaveLength(lines);
  expect(records[0]).toEqual({ line: 1, problem: 'too many fields: a quote may be missing' });
});

test('a record of many fields without such quotes is read', () => {
  const fields = Array.from({ length: 300 }, (_, at) => `"${at}"`);
  expect(readIn([`${fields.join(',')}\n`])).toEqual([{ line: 1, fields: fields.map((_, at) => String(at)) }]);
});
