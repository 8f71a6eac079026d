import type { DispositionValue, FormField } from '@patchcord/contracts';
import type { DispositionChoice } from './disposition-api.ts';

/** A value as its control has it: text, a tick, several of a list. */
export type FieldValue = string | boolean | readonly string[];

/** What is filled in and not sent yet. */
export interface DispositionDraft {
  readonly optionId: string;
  readonly comments: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export const emptyDraft: DispositionDraft = { optionId: '', comments: '', fields: {} };

/** What was said, to be changed. */
export function draftOf({ optionId, comments = '', form = {} }: DispositionValue): DispositionDraft {
  return {
    optionId,
    comments,
    fields: Object.fromEntries(Object.entries(form).map(([name, value]) => [name, controlValue(value)])),
  };
}

function controlValue(value: unknown): FieldValue {
  if (typeof value === 'boolean') return value;
  return Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : '';
}

/** As the API takes it; without the fields of other forms. */
export function requestOf(draft: DispositionDraft, choice: DispositionChoice): Omit<DispositionValue, 'name'> {
  const { form } = choice;
  const filled = (form?.fields ?? []).flatMap(({ name }) => {
    const value = draft.fields[name];
    return value === undefined || isEmpty(value) ? [] : [[name, value] as const];
  });
  return {
    optionId: choice.id,
    ...(draft.comments.trim() === '' ? {} : { comments: draft.comments }),
    ...(form === undefined ? {} : { form: Object.fromEntries(filled) }),
  };
}

const isEmpty = (value: FieldValue): boolean =>
  value === '' || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

export type FieldProblem = 'required' | 'number' | 'whole' | 'min' | 'max';

/** What can be seen without asking anybody; the API has the last word. */
export function problemOf(field: FormField, value: FieldValue | undefined): FieldProblem | undefined {
  if (value === undefined || isEmpty(value) || (field.type === 'checkbox' && value === false))
    return field.required ? 'required' : undefined;
  return field.type === 'number' ? numberProblem(field, Number(value)) : undefined;
}

function numberProblem(
  { integer, min, max }: Extract<FormField, { type: 'number' }>,
  value: number,
): FieldProblem | undefined {
  if (!Number.isFinite(value)) return 'number';
  if (integer && !Number.isSafeInteger(value)) return 'whole';
  if (min !== undefined && value < min) return 'min';
  return max !== undefined && value > max ? 'max' : undefined;
}
