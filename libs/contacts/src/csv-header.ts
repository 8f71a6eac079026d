import { type ContactDatabase, Failure } from '@patchcord/contracts';
import { createCsvReader } from './csv-reader.ts';
import type { ContactIssue } from './prepare.ts';

export interface CsvHeader {
  /** The names of the columns, in the order of the file; undefined: left out. */
  readonly columns: readonly (string | undefined)[];
  readonly delimiter: string;
  /** The lines up to the header, itself included. */
  readonly lines: number;
}

/** Which column of a file is which of the database; those that are not named are left out. */
export type ColumnAssignment = Readonly<Record<string, string>>;

const delimiters = [',', ';', '\t'] as const;
const maxHeaderLength = 65_536;

const refused = (message: string, issues: readonly ContactIssue[] = []): Failure =>
  Object.assign(new Failure('permanent', 'invalid_request', message), { issues });

/** The header by the names of the database. Without an assignment the file has them. */
export function assigned(header: CsvHeader, assignment: ColumnAssignment | undefined): CsvHeader {
  if (assignment === undefined) return header;
  const columnOf = new Map(Object.entries(assignment));
  const absent = [...columnOf.keys()].filter((name) => !header.columns.includes(name));
  if (absent.length > 0) {
    const issues = absent.map((path) => ({ path, message: 'not a column of the file: expected one of its header' }));
    throw refused(`the header of the file has no column ${absent.map((name) => `"${name}"`).join(', ')}`, issues);
  }
  // The first of those that have the same name: the others are left out.
  const columns = header.columns.map((name, at) =>
    name === undefined || header.columns.indexOf(name) < at ? undefined : columnOf.get(name),
  );
  return { ...header, columns };
}

/** The header and what follows it in `text`; undefined when more text is needed. `last`: there is none. */
export function readHeader(
  text: string,
  database: ContactDatabase,
  last: boolean,
): { readonly header: CsvHeader; readonly rest: string } | undefined {
  let at = 0;
  for (let lines = 1; ; lines += 1) {
    const found = text.indexOf('\n', at);
    if (found === -1 && text.length > maxHeaderLength)
      throw refused(
        `no header in the first ${maxHeaderLength} characters: expected the columns, and lines that end with LF or CR LF`,
      );
    if (found === -1 && !last) return undefined;
    const end = found === -1 ? text.length : found;
    const line = text.slice(at, end).replace(/\r$/, '');
    at = end + 1;
    if (line.trim() !== '' && !isSeparatorHint(line)) {
      return { header: { ...headerOf(line, database), lines }, rest: text.slice(at) };
    }
    if (found === -1) {
      const columns = database.columns.join(', ');
      throw refused(`the file is empty: expected a header with some of the columns ${columns}, and a line per contact`);
    }
  }
}

/** What spreadsheet programs put above the header to tell each other the delimiter. */
const isSeparatorHint = (line: string): boolean => /^"?sep=.?"?$/i.test(line);

/** The delimiter is the one by which most columns of the database are in the line. */
function headerOf(line: string, database: ContactDatabase): Omit<CsvHeader, 'lines'> {
  const readings = delimiters.map((delimiter) => ({ delimiter, columns: namesIn(line, delimiter) }));
  const known = ({ columns }: { columns: readonly string[] }): number =>
    columns.filter((name) => database.columns.includes(name)).length;
  const score = (reading: (typeof readings)[number]): number => known(reading) * 1000 + reading.columns.length;
  return readings.reduce((best, reading) => (score(reading) > score(best) ? reading : best));
}

function namesIn(line: string, delimiter: string): string[] {
  const [record] = createCsvReader({ delimiter }).push(`${line}\n`);
  return record !== undefined && 'fields' in record ? record.fields.map((name) => name.trim()) : [];
}

/**
 * Demands a header that fits: no unknown column, none twice, the main phone. Where contacts are to be updated, all
 * columns and the external id among them, since a column that is not there would take its values away.
 */
export function requireHeader(header: CsvHeader, database: ContactDatabase, update: boolean): void {
  const columns = header.columns.filter((name) => name !== undefined);
  const { id, externalIdColumn } = database;
  if (update && externalIdColumn === undefined) {
    const message = `the database "${id}" has no external id column, so a contact of the file cannot be told to be one that is there: set externalIdColumn, or import without updating`;
    throw refused(message, [{ path: 'update', message }]);
  }
  const issues = columnIssues(columns, database, update);
  if (issues.length === 0) return;
  const text = issues.map(({ path, message }) => `"${path}": ${message}`).join('; ');
  throw refused(`the header of the file does not fit the database "${id}": ${text}`, issues);
}

/** What of the columns that an import brings does not fit a database. */
export const columnIssues = (
  columns: readonly string[],
  database: ContactDatabase,
  update: boolean,
): ContactIssue[] => [...strangeColumns(columns, database), ...missingColumns(columns, database, update)];

function strangeColumns(columns: readonly string[], database: ContactDatabase): ContactIssue[] {
  const expected = `expected one of ${database.columns.join(', ')}; take it out of the file, or add it to the database`;
  return columns.flatMap((path, at) => {
    if (!database.columns.includes(path)) return [{ path, message: `not a column of the database: ${expected}` }];
    return columns.indexOf(path) < at ? [{ path, message: 'expected each column once' }] : [];
  });
}

function missingColumns(columns: readonly string[], database: ContactDatabase, update: boolean): ContactIssue[] {
  const [mainPhone = ''] = database.phoneColumns;
  const needed = update ? database.columns : [mainPhone];
  const why = (name: string): string => {
    if (name === mainPhone) return 'missing: expected the column of the main phone';
    return 'missing: an update expects all columns of the database, since one that is missing would be emptied';
  };
  return needed.filter((name) => !columns.includes(name)).map((path) => ({ path, message: why(path) }));
}
