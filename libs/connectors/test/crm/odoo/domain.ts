import { textOf } from '../../../src/crm/values.ts';

type Record_ = Readonly<Record<string, unknown>>;
type Term = string | readonly [field: string, operator: string, value: unknown];

/** Whether a record meets a domain: conditions in front of which `|` stands are alternatives, all others are to be met. */
export function meets(record: Record_, domain: readonly Term[]): boolean {
  const rest = [...domain];
  const next = (): boolean => {
    const term = rest.shift();
    if (term === '|' || term === '&') {
      const [one, other] = [next(), next()];
      return term === '|' ? one || other : one && other;
    }
    if (term === '!') return !next();
    if (term === undefined || typeof term === 'string') throw new TypeError('a domain that ends too early');
    return holds(record, term);
  };
  let isMet = true;
  while (rest.length > 0) isMet = next() && isMet;
  return isMet;
}

function holds(record: Record_, [field, operator, value]: Exclude<Term, string>): boolean {
  if (field === 'phone_mobile_search') return hasPhone(textOf(record.phone), operator, textOf(value));
  const stored = record[field];
  if (operator === '=') return stored === value || (value === false && stored === undefined);
  if (operator === '>') return Number(stored) > Number(value);
  if (operator === '>=') return textOf(stored) >= textOf(value);
  if (operator === 'in') return (value as unknown[]).includes(stored);
  const pattern = `%${textOf(value)}%`;
  if (operator === 'like' || operator === 'ilike') return like(textOf(stored), pattern, operator === 'ilike');
  throw new TypeError(`Invalid operator ${operator}`);
}

const compact = (text: string): string => text.replace(/[\s\\./()-]/g, '');

/** Without spaces and signs; `+` and `00` are the same. Otherwise the digits are compared as they stand there. */
function hasPhone(phone: string, operator: string, wanted: string): boolean {
  const [stored, value] = [compact(phone), compact(wanted)];
  if (operator === 'ilike') return stored.includes(value);
  const digits = /^(?:\+|00)(.*)$/.exec(value)?.[1];
  return digits === undefined ? stored === value : stored === `+${digits}` || stored === `00${digits}`;
}

/** SQL's own, in which `_` is any character. */
function like(stored: string, pattern: string, anyCase: boolean): boolean {
  const parts = pattern
    .split('')
    .map((one) => (one === '%' ? '.*' : one === '_' ? '.' : one.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, anyCase ? 'is' : 's').test(stored);
}
