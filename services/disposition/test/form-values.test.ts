import { form as formSchema } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { validateForm } from '../src/domain/form-values.ts';

const formOf = (...fields: object[]) => formSchema.parse({ id: 'sale', name: 'Sale', fields });
const valuesOf = (field: object, value: unknown): unknown => {
  const checked = validateForm(formOf({ name: 'x', ...field }), { x: value });
  return checked.ok ? checked.values : checked.issues.map(({ message }) => message);
};

describe('form', () => {
  it.each<[string, object, unknown, unknown]>([
    ['a text', { type: 'text' }, 'blue', { x: 'blue' }],
    ['a number given for a text', { type: 'text' }, 12, { x: '12' }],
    ['no text', { type: 'text' }, { a: 1 }, ['expected a text']],
    ['a text of two lines', { type: 'text' }, 'a\nb', ['expected one line']],
    ['two lines where they may be', { type: 'text', multiline: true }, 'a\nb', { x: 'a\nb' }],
    ['a text too long', { type: 'text', maxLength: 3 }, 'abcd', ['expected at most 3 characters, not 4']],
    ['a text that matches', { type: 'text', pattern: '[A-Z]{2}\\d+' }, 'AB12', { x: 'AB12' }],
    [
      'a text that matches in part only',
      { type: 'text', pattern: '[A-Z]{2}' },
      'ABC',
      ['expected a text that matches the pattern [A-Z]{2}'],
    ],
    ['a number', { type: 'number' }, 12.5, { x: 12.5 }],
    ['a number as text', { type: 'number' }, ' 12.50 ', { x: 12.5 }],
    ['no number', { type: 'number' }, '12,5', ['expected a number, e.g. 12.5']],
    ['hexadecimal', { type: 'number' }, '0x10', ['expected a number, e.g. 12.5']],
    ['a number that is too large for one', { type: 'number' }, '1e999', ['expected a number, e.g. 12.5']],
    ['a fraction', { type: 'number', integer: true }, 1.5, ['expected a whole number, not 1.5']],
    ['too little', { type: 'number', min: 1 }, 0, ['expected 1 or more, not 0']],
    ['too much', { type: 'number', max: 5 }, '6', ['expected 5 or less, not 6']],
    ['a date', { type: 'date' }, '2028-02-29', { x: '2028-02-29' }],
    ['a day that is not', { type: 'date' }, '2027-02-29', ['expected a date as YYYY-MM-DD']],
    ['a date in another order', { type: 'date' }, '29/02/2028', ['expected a date as YYYY-MM-DD']],
    ['a tick as browsers send it', { type: 'checkbox' }, 'on', { x: true }],
    ['no tick', { type: 'checkbox' }, false, { x: false }],
    ['something else', { type: 'checkbox' }, 'maybe', ['expected true or false']],
    ['a tick that must be', { type: 'checkbox', required: true }, 'false', ['expected a tick: the field is required']],
    ['a choice', { type: 'select', options: ['a', '2'] }, 2, { x: '2' }],
    ['no choice', { type: 'select', options: ['a', 'b'] }, 'c', ['expected one of "a", "b"']],
    ['choices, each once', { type: 'multi-select', options: ['a', 'b'] }, ['a', 'a', 'b'], { x: ['a', 'b'] }],
    ['one of several', { type: 'multi-select', options: ['a', 'b'] }, 'b', { x: ['b'] }],
    ['choices that are not', { type: 'multi-select', options: ['a', 'b'] }, ['a', 'z'], ['expected some of "a", "b"']],
    [
      'nothing, where something must be',
      { type: 'text', required: true },
      '',
      ['expected a value: the field is required'],
    ],
    ['nothing', { type: 'number' }, '', {}],
    ['nothing at all', { type: 'date' }, null, {}],
  ])('%s', (_name, field, value, expected) => {
    expect(valuesOf(field, value)).toEqual(expected);
  });

  it('names each field that is not right, and those that it does not have', () => {
    const form = formOf({ name: 'amount', type: 'number', required: true }, { name: 'note', type: 'text' });
    expect(validateForm(form, { note: ['x'], colour: 'red' })).toEqual({
      ok: false,
      issues: [
        { path: 'form.colour', message: 'the form "sale" has no such field: expected one of "amount", "note"' },
        { path: 'form.amount', message: 'expected a value: the field is required' },
        { path: 'form.note', message: 'expected a text' },
      ],
    });
  });

  it('knows a field from what every object inherits', () => {
    const form = formOf({ name: 'constructor', type: 'text' }, { name: '__proto__', type: 'number', required: true });
    const given = JSON.parse('{"__proto__": "7"}') as Record<string, unknown>;
    const checked = validateForm(form, given);
    expect(checked.ok && JSON.stringify(checked.values)).toBe('{"__proto__":7}');
  });
});
