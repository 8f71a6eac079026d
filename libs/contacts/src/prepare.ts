import { type ContactDatabase, Failure } from '@patchcord/contracts';
import { idOfExternal, idOfValues, schemaOf } from './identity.ts';
import { indexEntry, indexedNumber } from './number-index.ts';

/** A database of contacts of a tenant. */
export interface DatabaseOfTenant {
  readonly tenantId: string;
  readonly database: ContactDatabase;
  /** ISO 3166 country in which national numbers are dialled. */
  readonly region: string;
}

/** Column to value; what is empty may be absent. */
export type ContactValues = Readonly<Record<string, string>>;

export interface ContactIssue {
  /** The column. */
  readonly path: string;
  readonly message: string;
}

/** A contact as it is written: see `scripts.ts` for the row. */
export interface PreparedContact {
  readonly contactId: string;
  /** Empty: none. */
  readonly externalId: string;
  /** Index entries separated by blanks. */
  readonly entries: string;
  readonly row: string;
  readonly values: ContactValues;
}

/** A column may be called as something that every object has, e.g. `constructor`. */
const cellOf = (values: ContactValues, name: string): string =>
  Object.hasOwn(values, name) ? (values[name] ?? '') : '';

const maxValueLength = 4096;
const maxRowLength = 65_536;
const maxExternalIdLength = 256;

/** Checks values and makes the row of them; or says per column what is wrong and what was expected. */
export function prepareContact(
  { database, region }: DatabaseOfTenant,
  given: ContactValues,
): { readonly contact: PreparedContact } | { readonly issues: readonly ContactIssue[] } {
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const issues = [...unknownColumns(database, values), ...longValues(values)];
  if (issues.length > 0) return { issues };
  const externalId = externalIdOf(database, values);
  const numbers = numbersOf(database, values, region);
  const bad = [...numbers.issues, ...externalIdIssues(database, externalId)];
  if (bad.length > 0) return { issues: bad };
  const entries = [...new Set(numbers.entries)].join(' ');
  const row = rowText({ entries, externalId, database, values });
  if (row.length > maxRowLength) {
    return { issues: [{ path: '', message: `expected at most ${maxRowLength} characters in all columns together` }] };
  }
  const contactId = externalId === '' ? idOfValues(values) : idOfExternal(externalId);
  return { contact: { contactId, externalId, entries, row, values } };
}

/** As {@link prepareContact}. @throws Failure permanent `invalid_request` with `issues` by column */
export function requireContact(where: DatabaseOfTenant, values: ContactValues): PreparedContact {
  const prepared = prepareContact(where, values);
  if ('contact' in prepared) return prepared.contact;
  const { issues } = prepared;
  const text = issues.map(({ path, message }) => (path === '' ? message : `"${path}": ${message}`)).join('; ');
  throw Object.assign(new Failure('permanent', 'invalid_request', `the contact is not as expected: ${text}`), {
    issues,
  });
}

function unknownColumns({ id, columns }: ContactDatabase, values: ContactValues): ContactIssue[] {
  const unknown = Object.keys(values).filter((name) => !columns.includes(name));
  const message = `expected a column of the database "${id}": one of ${columns.join(', ')}`;
  return unknown.map((path) => ({ path, message }));
}

const longValues = (values: ContactValues): ContactIssue[] =>
  Object.entries(values)
    .filter(([, value]) => value.length > maxValueLength)
    .map(([path, { length }]) => ({
      path,
      message: `value too long: expected at most ${maxValueLength} characters, not ${length}`,
    }));

const externalIdOf = ({ externalIdColumn }: ContactDatabase, values: ContactValues): string =>
  externalIdColumn === undefined ? '' : cellOf(values, externalIdColumn).trim();

function externalIdIssues({ externalIdColumn: path = '' }: ContactDatabase, externalId: string): ContactIssue[] {
  if (externalId.length > maxExternalIdLength)
    return [{ path, message: `value too long: expected an external id of at most ${maxExternalIdLength} characters` }];
  if (/\p{Cc}/u.test(externalId)) return [{ path, message: 'expected an external id without control characters' }];
  return [];
}

function numbersOf(
  { phoneColumns }: ContactDatabase,
  values: ContactValues,
  region: string,
): { entries: string[]; issues: ContactIssue[] } {
  const entries: string[] = [];
  const issues: ContactIssue[] = [];
  phoneColumns.forEach((path, at) => {
    const raw = cellOf(values, path).trim();
    const number = raw === '' ? undefined : indexedNumber(raw, region);
    if (number !== undefined) entries.push(indexEntry(number));
    else if (raw !== '') issues.push({ path, message: notANumber });
    else if (at === 0)
      issues.push({
        path,
        message: 'missing main phone: expected a telephone number, since no contact is without one',
      });
  });
  return { entries, issues };
}

const notANumber =
  'not a phone number: expected at least 7 digits, e.g. +14155550123, and no extension, name or hidden number';

/**
 * One row: index entries, external id, name of the list of columns, and the values in its order as JSON, separated by
 * line feeds. What the index holds of a row stands in the row, so that it is found again also when the tenant's country
 * or the columns have changed since.
 */
function rowText(of: {
  entries: string;
  externalId: string;
  database: ContactDatabase;
  values: ContactValues;
}): string {
  const { columns } = of.database;
  const last = columns.findLastIndex((name) => cellOf(of.values, name) !== '');
  const cells = columns.slice(0, last + 1).map((name) => cellOf(of.values, name));
  return `${of.entries}\n${of.externalId}\n${schemaOf(columns)}\n${JSON.stringify(cells)}`;
}
