import { asText, type Value } from '../sites/values.ts';

/** Longest value that is written into a text (characters); as large as all data of a session may be. */
const maxValueCharacters = 65_536;

export type ValueText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/**
 * Any value as text: numbers in digits without an exponent, times in RFC 3339, lists with commas between their elements,
 * objects as JSON, null as nothing. Never throws.
 */
export function valueText(value: unknown): ValueText {
  const text = safeText(value);
  if (text === undefined) return { ok: false, why: 'its value cannot be written as text' };
  if (text.length > maxValueCharacters)
    return { ok: false, why: `its value is longer than ${maxValueCharacters} characters` };
  return { ok: true, text };
}

function safeText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return asText(value);
    case 'number':
      return Number.isFinite(value) ? inDigits(value) : undefined;
    case 'bigint':
      return String(value);
    case 'object':
      return objectText(value);
    default:
      return undefined;
  }
}

/** Too deep, in a circle, or with a `toJSON` that fails: such things come from no JSON, but nothing may stop a call. */
function objectText(value: object | null): string | undefined {
  try {
    if (value instanceof Date) return value.toISOString();
    const text: unknown = asText(value as Value);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** `1e21` as `1000000000000000000000`, `1.5e-7` as `0.00000015`: digits that compare as the number they are. */
function inDigits(number: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(`${number}`) ?? [];
  if (exponent === undefined) return String(number);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
