import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmApi, CrmField, FieldType } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';
import { readRow, rowsOf } from './table.ts';
import type { Row } from './wire.ts';

/** Tables extend one another; deeper than this they do not. */
const mostTables = 10;
const mostColumns = 2000;

/** The table and those that it extends, itself first. None: it does not exist, or must not be seen. */
async function chainOf(api: CrmApi<Settings>, table: string): Promise<readonly string[]> {
  const wanted = { table: 'sys_db_object', query: `name=${table}`, columns: ['name', 'super_class'], limit: 5 };
  const found = (await rowsOf(api, wanted)) ?? [];
  const chain: Row[] = found.filter(({ name }) => name === table).slice(0, 1);
  for (let parent = textOf(chain.at(-1)?.super_class); parent !== '' && chain.length < mostTables; ) {
    const next = await readRow(api, { module: 'sys_db_object', id: parent }, ['name', 'super_class']);
    if (next === undefined) break;
    chain.push(next);
    parent = textOf(next.super_class);
  }
  return chain.map(({ name }) => textOf(name));
}

const either = (column: string, values: readonly string[]): string =>
  values.map((value) => `${column}=${value}`).join('^OR');

interface Described {
  readonly chain: readonly string[];
  /** By the name of the column; the table's own before those that it inherits. */
  readonly columns: ReadonlyMap<string, Row>;
}

/** Undefined: nothing is told of the table. */
async function describe(
  api: CrmApi<Settings>,
  table: string,
  more: readonly string[] = [],
): Promise<Described | undefined> {
  const chain = await chainOf(api, table);
  if (chain.length === 0) return undefined;
  const wanted = { table: 'sys_dictionary', query: either('name', chain), limit: mostColumns };
  const found = (await rowsOf(api, { ...wanted, columns: ['name', 'element', 'reference', ...more] })) ?? [];
  const own = found
    .filter(({ name, element }) => chain.includes(textOf(name)) && textOf(element) !== '')
    .sort((a, b) => chain.indexOf(textOf(b.name)) - chain.indexOf(textOf(a.name)));
  const columns = new Map(own.map((one) => [textOf(one.element), one]));
  return columns.size === 0 ? undefined : { chain, columns };
}

/**
 * Those of the columns that the table has not; `caller_id.phone` is one of the table that `caller_id` refers to.
 * Undefined: ServiceNow tells nothing of the table.
 */
export async function missingColumns(
  api: CrmApi<Settings>,
  table: string,
  asked: readonly string[],
): Promise<readonly string[] | undefined> {
  const described = await describe(api, table);
  if (described === undefined) return undefined;
  const missing: string[] = [];
  for (const column of new Set(asked)) {
    const [head = '', ...rest] = column.split('.');
    const known = described.columns.get(head);
    const further = known === undefined || rest.length === 0 ? [] : await behind(api, known, rest.join('.'));
    if (known === undefined || further.length > 0) missing.push(column);
  }
  return missing;
}

const behind = async (api: CrmApi<Settings>, { reference }: Row, column: string): Promise<readonly string[]> =>
  (textOf(reference) === '' ? undefined : await missingColumns(api, textOf(reference), [column])) ?? [column];

/** ServiceNow leaves out a condition whose column does not exist, and answers with whatever rows there are. */
export async function checkColumns(api: CrmApi<Settings>, table: string, asked: readonly string[]): Promise<void> {
  const missing = await missingColumns(api, table, asked);
  if (missing === undefined)
    throw new Failure(
      'permanent',
      'crm_dictionary',
      `ServiceNow tells no columns of ${table}: there is no such table, or the user may not read sys_db_object and sys_dictionary`,
    );
  if (missing.length > 0)
    throw new Failure('permanent', 'crm_unknown_column', `the table ${table} has no column ${missing.join(', ')}`);
}

const flag = z.union([z.boolean(), z.string().transform((text) => text === 'true')]).catch(false);

export async function fieldsOf(api: CrmApi<Settings>, table: string): Promise<readonly CrmField[]> {
  const more = ['column_label', 'internal_type', 'mandatory', 'read_only', 'max_length'];
  const described = await describe(api, table, more);
  if (described === undefined) await checkColumns(api, table, []);
  const { chain = [], columns = new Map<string, Row>() } = described ?? {};
  const choices = await choicesOf(api, chain);
  return [...columns].map(([name, one]) => fieldOf(name, one, choices.get(name)));
}

type Choices = NonNullable<CrmField['choices']>;

/** One label for each value: there is a row for each language, and tables may have their own. */
async function choicesOf(api: CrmApi<Settings>, chain: readonly string[]): Promise<ReadonlyMap<string, Choices>> {
  const columns = ['name', 'element', 'value', 'label', 'language'];
  const wanted = { table: 'sys_choice', query: either('name', chain), columns, limit: mostColumns };
  const found = ((await rowsOf(api, wanted)) ?? [])
    .filter(({ name }) => chain.includes(textOf(name)))
    .sort((a, b) => chain.indexOf(textOf(a.name)) - chain.indexOf(textOf(b.name)) || english(a) - english(b));
  const by = new Map<string, Map<string, string>>();
  for (const { element, value, label } of found) {
    const known = by.get(textOf(element)) ?? new Map<string, string>();
    if (!known.has(textOf(value))) known.set(textOf(value), textOf(label));
    by.set(textOf(element), known);
  }
  return new Map([...by].map(([name, known]) => [name, [...known].map(([value, label]) => ({ value, label }))]));
}

const english = ({ language }: Row): number => (language === 'en' ? 0 : 1);

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  journal: 'text',
  journal_input: 'text',
  html: 'text',
  integer: 'number',
  decimal: 'number',
  float: 'number',
  currency: 'number',
  boolean: 'boolean',
  glide_date: 'date',
  glide_date_time: 'datetime',
  due_date: 'datetime',
  ph_number: 'phone',
  phone_number_e164: 'phone',
  email: 'email',
  url: 'url',
  choice: 'choice',
  reference: 'reference',
  GUID: 'reference',
};

function fieldOf(name: string, one: Row, choices: Choices | undefined): CrmField {
  const maxLength = Number(textOf(one.max_length));
  return {
    name,
    label: textOf(one.column_label) || name,
    type: choices === undefined ? (types[textOf(one.internal_type)] ?? 'other') : 'choice',
    required: flag.parse(one.mandatory),
    writable: !flag.parse(one.read_only) && !name.startsWith('sys_'),
    ...(Number.isInteger(maxLength) && maxLength > 0 ? { maxLength } : {}),
    ...(choices === undefined ? {} : { choices }),
  };
}
