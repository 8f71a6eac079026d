import { Failure } from '@patchcord/contracts';

const refused = (message: string): Failure => new Failure('permanent', 'crm_query', message);

/** A condition that a value must equal. `^` would end it and begin another; `javascript:` would be run. */
export function isEqual(column: string, value: string | number | boolean): string {
  const text = String(value);
  if (text.includes('^'))
    throw refused(`expected a value without ^ for ${column}: ServiceNow has no way to search for it`);
  if (/^\s*javascript:/i.test(text)) throw refused(`expected a value for ${column} that is no script`);
  return `${column}=${text}`;
}

/** Full-text search is written as a column that no table has. */
const fullText = '123TEXTQUERY321';
const order = /^(?:ORDERBYDESC|ORDERBY|GROUPBY)([a-z][a-z0-9_.]*)$/;
const condition = /^(?:OR|NQ)?([a-z][a-z0-9_.]*)(?:[A-Z=!<>@].*)$/s;

/** The columns that an encoded query speaks of. Throws `Failure` permanent for what cannot be told. */
export function columnsOf(expression: string): string[] {
  return expression.split('^').flatMap((part) => {
    if (part === 'EQ' || part.startsWith(fullText)) return [];
    const column = order.exec(part)?.[1] ?? condition.exec(part)?.[1];
    if (column === undefined)
      throw refused('expected an encoded query of ServiceNow, such as active=true^short_descriptionLIKEphone');
    return [column];
  });
}

/** Conditions that hold beside an expression: in each of the queries that `^NQ` parts. */
export function joined(conditions: readonly string[], expression?: string): string {
  const parts = expression === undefined ? [''] : expression.split('^NQ');
  return parts.map((part) => [...conditions, part].filter((one) => one !== '').join('^')).join('^NQ');
}

/** Rows in an order, unless the query has one. */
export const ordered = (query: string): string =>
  /(^|\^)ORDERBY/.test(query) ? query : [query, 'ORDERBYDESCsys_updated_on'].filter((part) => part !== '').join('^');
