import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { partsOf, resourceOf } from './resources.ts';
import type { Settings } from './settings.ts';
import { ask, type Item, item, items, recordOf } from './wire.ts';

const mostHits = 100;

/**
 * A number is kept in parts (country, area, number), or as a whole where people wrote it so. There is no search by the whole,
 * so all that may stand in the part of the number is asked for, and what is found is put together again.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  number: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const written = waysToWrite(number);
  const conditions = phoneFields.flatMap((field) => written.map((one) => `${field}=${quoted(one)}`));
  const parts = phoneFields.map(partsOf).flatMap(({ country, area }) => [country, area]);
  const asked = { module, fields: [...fields, ...parts], limit: mostHits };
  const found = await listed(api, asked, conditions.join(' or '));
  return found.map((record) => ({
    ...record,
    fields: { ...record.fields, ...wholeNumbers(record.fields, phoneFields) },
  }));
}

/** What is left of a number behind an area code of two to five digits. */
const areaDigits = [2, 3, 4, 5];
const shortestRest = 5;

function waysToWrite({ national, variants }: PhoneForms): string[] {
  const rests = areaDigits.map((digits) => national.slice(digits)).filter(({ length }) => length >= shortestRest);
  return [...new Set([...variants, ...rests.flatMap((rest) => [rest, dashed(rest)])])];
}

/** `555-0123`: the last four digits apart. */
const dashed = (rest: string): string => `${rest.slice(0, -4)}-${rest.slice(-4)}`;

export const wholeNumbers = (fields: Item, phoneFields: readonly string[]): Item =>
  Object.fromEntries(phoneFields.map((field) => [field, wholeNumber(fields, field)]));

function wholeNumber(fields: Item, field: string): string {
  const { country, area } = partsOf(field);
  const [number, areaCode, countryCode] = [field, area, country].map((one) => textOf(fields[one]).trim());
  if (number === undefined || number === '' || number.startsWith('+')) return number ?? '';
  const national = `${areaCode ?? ''}${number}`;
  return countryCode === undefined || countryCode === '' ? national : `+${countryCode.replace(/\D/g, '')} ${national}`;
}

/** An expression is one of the framework from version 2 on: `StatusCd='ORA_SVC_NEW' and Title like 'A%'`. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { equals = {}, expression } = filter;
  const conditions = Object.entries(equals).map(([name, value]) => `${attribute(name)}=${literal(value)}`);
  if (expression === undefined) return listed(api, filter, conditions.join(' and '));
  const all = conditions.length === 0 ? [expression] : [`(${expression})`, ...conditions];
  return listed(api, filter, all.join(' and '));
}

function attribute(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw new Failure('permanent', 'crm_query', 'an attribute is made of letters, digits and underlines');
}

const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoted(value) : String(value);
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

async function listed(
  api: CrmApi<Settings>,
  wanted: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  q: string,
): Promise<readonly CrmRecord[]> {
  const { items: found } = await page(api, { ...wanted, offset: 0, orderBy: 'LastUpdateDate:desc' }, q);
  return found.map((one) => recordOf(wanted.module, one));
}

interface Page extends Pick<CrmFilter, 'module' | 'fields' | 'limit'> {
  readonly offset: number;
  readonly orderBy: string;
}

export async function page(
  api: CrmApi<Settings>,
  { module, fields, limit, offset, orderBy }: Page,
  q: string,
): Promise<z.infer<typeof items>> {
  const { json } = await ask(api, [module], {
    method: 'GET',
    query: {
      ...(q === '' ? {} : { q }),
      fields: selected(module, fields),
      onlyData: true,
      limit,
      offset,
      orderBy,
    },
  });
  return items.parse(json);
}

export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const query = { fields: selected(module, fields), onlyData: true };
  const answer = await ask(api, [module, id], { method: 'GET', query, expect: [404] });
  return answer.status === 404 ? undefined : recordOf(module, item.parse(answer.json));
}

function selected(module: string, fields: readonly string[]): string {
  const { number, name } = resourceOf(module);
  return [...new Set([number, ...name, 'LastUpdateDate', ...fields])].join(',');
}
