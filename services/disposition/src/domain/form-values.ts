import type { Form, FormField } from '@patchcord/contracts';
import { RE2JS } from 're2js';

export interface FormIssue {
  readonly path: string;
  readonly message: string;
}

export type FormOutcome =
  | { readonly ok: true; readonly values: Record<string, unknown> }
  | { readonly ok: false; readonly issues: readonly FormIssue[] };

/** The value as it is saved, or what was expected instead. */
type Checked = { readonly value: unknown } | { readonly expected: string };

/**
 * What was filled in, as the form wants it: numbers as numbers, ticks as booleans, empty fields left out. Otherwise one
 * issue for each field that is not right, and for each that the form does not have.
 */
export function validateForm(form: Form, given: Readonly<Record<string, unknown>>): FormOutcome {
  const issues: FormIssue[] = unknownFields(form, given);
  const values: [string, unknown][] = [];
  for (const field of form.fields) {
    const checked = checkField(field, Object.hasOwn(given, field.name) ? given[field.name] : undefined);
    if ('expected' in checked) issues.push({ path: pathOf(field.name), message: `expected ${checked.expected}` });
    else if (checked.value !== undefined) values.push([field.name, checked.value]);
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, values: Object.fromEntries(values) };
}

const pathOf = (name: string): string => `form.${name}`;

function unknownFields({ id, fields }: Form, given: Readonly<Record<string, unknown>>): FormIssue[] {
  const names = fields.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: pathOf(name),
      message: `the form "${id}" has no such field: expected one of ${quoted(names)}`,
    }));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function checkField(field: FormField, value: unknown): Checked {
  if (isEmpty(value)) return field.required ? { expected: 'a value: the field is required' } : { value: undefined };
  switch (field.type) {
    case 'text':
      return checkText(field, value);
    case 'number':
      return checkNumber(field, value);
    case 'date':
      return checkDate(value);
    case 'checkbox':
      return checkTick(field, value);
    case 'select':
      return checkChoice(field.options, value);
    case 'multi-select':
      return checkChoices(field.options, value);
  }
}

type Of<Type extends FormField['type']> = Extract<FormField, { type: Type }>;

function checkText({ maxLength, multiline, pattern }: Of<'text'>, value: unknown): Checked {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return { expected: 'a text' };
  if (text.length > maxLength) return { expected: `at most ${maxLength} characters, not ${text.length}` };
  if (!multiline && /[\r\n]/.test(text)) return { expected: 'one line' };
  if (pattern !== undefined && !RE2JS.compile(pattern).matches(text)) {
    return { expected: `a text that matches the pattern ${pattern}` };
  }
  return { value: text };
}

/** As JSON writes numbers: no hexadecimal, no `Infinity`, no blanks within. */
const numberText = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function checkNumber({ integer, min, max }: Of<'number'>, value: unknown): Checked {
  const number = typeof value === 'string' && numberText.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return { expected: 'a number, e.g. 12.5' };
  if (integer && !Number.isSafeInteger(number)) return { expected: `a whole number, not ${number}` };
  if (min !== undefined && number < min) return { expected: `${min} or more, not ${number}` };
  if (max !== undefined && number > max) return { expected: `${max} or less, not ${number}` };
  return { value: number };
}

function checkDate(value: unknown): Checked {
  const known =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined;
  // The 31st of February is a day of March to the engine.
  const real = known !== undefined && !Number.isNaN(known.getTime()) && known.toISOString().startsWith(String(value));
  return real ? { value } : { expected: 'a date as YYYY-MM-DD' };
}

const ticks = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['on', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['off', false],
  ['0', false],
  [0, false],
]);

function checkTick({ required }: Of<'checkbox'>, value: unknown): Checked {
  const ticked = ticks.get(value);
  if (ticked === undefined) return { expected: 'true or false' };
  return required && !ticked ? { expected: 'a tick: the field is required' } : { value: ticked };
}

function checkChoice(options: readonly string[], value: unknown): Checked {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && options.includes(text)
    ? { value: text }
    : { expected: `one of ${quoted(options)}` };
}

function checkChoices(options: readonly string[], value: unknown): Checked {
  const texts = (Array.isArray(value) ? value : [value]).map((one: unknown) =>
    typeof one === 'number' ? String(one) : one,
  );
  const all = texts.every((text) => typeof text === 'string' && options.includes(text));
  return all ? { value: [...new Set(texts)] } : { expected: `some of ${quoted(options)}` };
}

const maxNamed = 20;

function quoted(names: readonly string[]): string {
  const named = names.slice(0, maxNamed).map((name) => `"${name}"`);
  return named.join(', ') + (names.length > maxNamed ? `, ... (${names.length} in all)` : '');
}
