import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, StandardModule } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';
import { recordOf, refused, resources } from './wire.ts';

type Conditions = readonly (readonly [field: string, operator: string, value: string])[];

const mostHits = 50;

/**
 * Stored text is compared as it was typed, so every way to write the number is asked for, and what ends like it. One
 * field can have one condition of a kind in a request (they are its keys), so the ways are asked for one after the other
 * until somebody is found.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const hits: CrmRecord[] = [];
  for (const value of variants) {
    const conditions: Conditions = phoneFields.map((field) => [field, 'eq', value]);
    hits.push(...(await ask(api, { module, fields, limit: mostHits }, conditions, 'or')));
  }
  if (hits.length > 0) return hits;
  const like = `%${suffix.split('').join('%')}`;
  return ask(
    api,
    { module, fields, limit: mostHits },
    phoneFields.map((field) => [field, 'like', like]),
    'or',
  );
}

/**
 * Mail addresses stand in a table of their own. Newer versions than 7.12.2 look there for `email1`, and find those who had
 * the address once, and some twice; older ones answer that their database failed.
 */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const conditions: Conditions = Object.entries(filter.equals ?? {}).map(([field, value]) => [
    field,
    'eq',
    String(value),
  ]);
  return ask(api, filter, conditions, 'and');
}

const noMailSearch =
  'this SuiteCRM does not search by e-mail address: newer versions than 7.12.2 do, and all by the kind suitecrm-v4';

type Wanted = Pick<CrmFilter, 'module' | 'fields' | 'limit'> & { readonly sort?: string };

/** `sort`: a field that the records are ordered by. */
export async function ask(
  api: CrmApi<Settings>,
  { module, fields, limit, sort }: Wanted,
  conditions: Conditions,
  operator: 'and' | 'or',
): Promise<CrmRecord[]> {
  const filters = conditions.map(([field, how, value]) => [`filter[${field}][${how}]`, value] as const);
  const wanted = [...new Set(['name', 'first_name', 'last_name', 'date_modified', ...fields])];
  const query = {
    [`fields[${module}]`]: (module === 'Accounts' || module === 'Cases'
      ? wanted.filter((one) => !/^(first|last)_name$/.test(one))
      : wanted
    ).join(','),
    'filter[operator]': operator,
    ...Object.fromEntries(filters),
    'page[size]': limit,
    'page[number]': 1,
    sort,
  };
  const byMail = conditions.some(([field]) => field === 'email1');
  const request = { method: 'GET', path: path(api.settings, 'module', module), query } as const;
  const answer = await api.ask({ ...request, ...(byMail ? { expect: [400] } : {}) });
  if (answer.status === 400) {
    if (!/database failure/i.test(answer.text)) throw refused(answer);
    throw new Failure('permanent', 'crm_no_mail_search', noMailSearch, { status: 400 });
  }
  return resources.parse(answer.json).data.map((one) => recordOf(module, one));
}
