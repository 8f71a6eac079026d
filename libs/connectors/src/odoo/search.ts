import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import type { Settings } from './settings.ts';
import { always, call, failureOf, idOf, isNoModel, recordOf, rows } from './wire.ts';

type Condition = readonly [field: string, operator: string, value: unknown];
/** Conditions one after the other are all to be met; `|` before two says that one is enough. */
type Domain = readonly (Condition | '|' | '&' | '!')[];

const mostHits = 50;

/**
 * `phone_mobile_search` compares without spaces and signs (recorded for `=`), so each way with and without the country
 * is asked for once, and only when nobody has it what ends like it.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module }: StandardModule,
  { variants, suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const ways = [...new Set(variants.map((one) => one.replace(/[\s\\./()-]/g, '')))];
  const asked = { module, fields, limit: mostHits };
  const hits = await search(api, asked, oneOf(ways.map((way) => ['phone_mobile_search', '=', way])));
  return hits.length > 0 ? hits : search(api, asked, [['phone_mobile_search', 'ilike', suffix]]);
}

const oneOf = (conditions: readonly Condition[]): Domain => [
  ...conditions.slice(1).map(() => '|' as const),
  ...conditions,
];

export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]): Condition => [field, '=', value]);
  return search(api, filter, [...equals, ...domainOf(filter.expression)]);
}

const domain = z.array(
  z.union([z.literal('|'), z.literal('&'), z.literal('!'), z.tuple([z.string(), z.string(), z.unknown()])]),
);

/** Odoo's own expressions are lists: `[["city", "=", "Ghent"]]`. */
function domainOf(expression: string | undefined): Domain {
  if (expression === undefined || expression.trim() === '') return [];
  const { data } = domain.safeParse(jsonOf(expression));
  if (data !== undefined) return data;
  const example = '[["city", "=", "Ghent"]]';
  throw new Failure(
    'permanent',
    'crm_expression',
    `the search is no domain of Odoo (expected JSON such as ${example})`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whoever was archived is not found, as nowhere in Odoo. */
export async function search(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  where: Domain,
  order = 'id desc',
): Promise<CrmRecord[]> {
  const args = { domain: where, fields: [...new Set([...always, ...fields])], limit, order };
  const answer = await call(api, { model: module, method: 'search_read', args, expect: [404] });
  if (isNoModel(answer)) return [];
  if (answer.status === 404) throw notThere(answer);
  return rows.parse(answer.json).map((one) => recordOf(module, one));
}

const notThere = (answer: Parameters<typeof failureOf>[0]): Failure => {
  const {
    class: failureClass,
    code,
    message,
  } = failureOf(answer) ?? {
    class: 'permanent',
    code: 'http_404',
    message: 'answered 404: is it Odoo 19 or newer, and the address that of the server?',
  };
  return new Failure(failureClass, code, message, { status: answer.status });
};

/** Missing ids are left out of the answer (recorded). */
export async function read(
  api: CrmApi<Settings>,
  ref: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const args = { ids: [idOf(ref)], fields: [...new Set([...always, ...fields])] };
  const { json } = await call(api, { model: ref.module, method: 'read', args });
  const [found] = rows.parse(json);
  return found === undefined ? undefined : recordOf(ref.module, found);
}
