import { textOf } from '../../../src/crm/values.ts';

type Values = Readonly<Record<string, unknown>>;

/** Thrown for what the filter of SugarCRM does not know. */
export class BadFilter extends Error {}

/** Whether a record meets a filter: text as it is, whatever is written in it. */
export const meets = (values: Values, filter: unknown, fields: Values): boolean =>
  listOf(filter).every((one) => Object.entries(one).every(([name, said]) => holds(values, name, said, fields)));

function listOf(filter: unknown): readonly Values[] {
  if (!Array.isArray(filter)) throw new BadFilter('filter is no list');
  return filter as Values[];
}

function holds(values: Values, name: string, said: unknown, fields: Values): boolean {
  if (name === '$or') return listOf(said).some((one) => meets(values, [one], fields));
  if (name === '$and') return meets(values, said, fields);
  if (name === 'email_addresses.email_address') return addressesOf(values).some((one) => fits(one, said));
  if (!(name in fields)) throw new BadFilter(`Filtering on unknown field ${name}`);
  return fits(textOf(values[name]), said);
}

const fits = (stored: string, said: unknown): boolean =>
  Object.entries(said as Values).every(([operator, value]) => compare(stored, operator, value));

const addressesOf = ({ email }: Values): string[] =>
  (Array.isArray(email) ? (email as Values[]) : []).map((one) => textOf(one.email_address));

function compare(stored: string, operator: string, value: unknown): boolean {
  const text = textOf(value);
  if (operator === '$equals') return stored === text;
  if (operator === '$gte') return Date.parse(stored) >= Date.parse(text);
  if (operator === '$not_equals') return stored !== text;
  if (operator === '$starts') return stored.startsWith(text);
  if (operator === '$ends') return stored.endsWith(text);
  if (operator === '$contains') return stored.includes(text);
  throw new BadFilter(`Unknown operator ${operator}`);
}
