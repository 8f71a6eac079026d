import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { entity, list, recordOf } from './wire.ts';

/** A condition of its API: `{type, attribute, value}`, or `{type: 'or', value: […]}`. */
const conditions = z.array(z.looseObject({ type: z.string() }));
type Conditions = z.infer<typeof conditions>;

/** More is refused with 403 (recorded). */
export const mostRecords = 200;
const mostHits = 50;
/** A list has the first number of each record only: so many are read whole to see the others. */
const mostReads = 10;

/** It keeps the digits of every number by themselves, so that one question finds it however it was written. */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module }: StandardModule,
  { suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const where: Conditions = [{ type: 'contains', attribute: 'phoneNumberNumeric', value: suffix }];
  const found = await ask(api, { module, fields, limit: mostHits }, where);
  const isByFirst = ({ fields: { phoneNumber } }: CrmRecord) => textOf(phoneNumber).replace(/\D/g, '').endsWith(suffix);
  const others = found.filter((one) => !isByFirst(one)).slice(0, mostReads);
  const whole = await Promise.all(others.map((one) => read(api, one)));
  return [...found.filter(isByFirst), ...whole.filter((one) => one !== undefined)];
}

/** An expression is a condition of its API as JSON, or a list of them. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([attribute, value]) => ({
    type: 'equals',
    attribute,
    value,
  }));
  return ask(api, filter, [...equals, ...conditionsOf(filter.expression)]);
}

function conditionsOf(expression: string | undefined): Conditions {
  if (expression === undefined) return [];
  const { data, success } = conditions.safeParse([parsed(expression)].flat());
  if (success) return data;
  throw new Failure(
    'permanent',
    'crm_query',
    'the expression is no condition of EspoCRM (expected JSON such as {"type":"equals","attribute":"status","value":"New"})',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Wanted = Pick<CrmFilter, 'module' | 'fields' | 'limit'>;

export const ask = async (api: CrmApi<Settings>, wanted: Wanted, where: Conditions): Promise<readonly CrmRecord[]> =>
  (await listed(api, wanted, where)).records;

/** `order`: an attribute that the records are ordered by. `total`: of how many they are, where it was counted. */
export async function listed(
  api: CrmApi<Settings>,
  { module, fields, limit, order }: Wanted & { readonly order?: string },
  where: Conditions,
): Promise<{ readonly records: readonly CrmRecord[]; readonly total: number }> {
  const select = [...new Set(['id', 'name', 'modifiedAt', ...fields])].filter((one) => one !== 'phoneNumberData');
  const ordered = order === undefined ? {} : { orderBy: order, order: 'asc' };
  const maxSize = Math.min(limit, mostRecords);
  const searchParams = JSON.stringify({ where, select, maxSize, offset: 0, ...ordered });
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, module), query: { searchParams } });
  const { list: rows, total } = list.parse(json);
  return { records: rows.map((one) => recordOf(module, one)), total };
}

export async function read(api: CrmApi<Settings>, { module, id }: RecordRef): Promise<CrmRecord | undefined> {
  const answer = await api.ask({ method: 'GET', path: path(api.settings, module, id), expect: [404] });
  return answer.status === 404 ? undefined : recordOf(module, entity.parse(answer.json));
}
