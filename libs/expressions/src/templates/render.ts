import type { Placeholder, Template } from '@patchcord/contracts';
import { type Encode, type Encoding, encoders } from './encodings.ts';
import { type Evaluation, evaluate, foundValue, isGiven, type Scope } from './scope.ts';
import { valueText } from './value-text.ts';

export interface RenderedTemplate {
  readonly text: string;
  /** What is missing, by names; without values, so that it can be logged. */
  readonly notes: readonly string[];
}

/** Most that all values of one text may come to, encoded (characters). */
const maxInsertedCharacters = 1_048_576;

/**
 * A template with its values, each encoded for where the text will stand; the template's own text is kept as it is.
 *
 * A value that is absent, null or empty gives way to what stands behind the bar. Without that it leaves nothing, and
 * unless it was empty text, a note. Never throws.
 */
export const renderTemplate = (template: Template, scope: Scope, encoding: Encoding): RenderedTemplate =>
  renderWith(template, scope, encoding === 'url-path' ? pathValue : (value) => ({ text: encoders[encoding](value) }));

/** {@link renderTemplate} with an encoding of one's own. */
export const renderEncoded = (template: Template, scope: Scope, encode: Encode): RenderedTemplate =>
  renderWith(template, scope, (value) => ({ text: encode(value) }));

interface Inserted {
  readonly text: string;
  readonly note?: string;
}

function renderWith({ parts }: Template, scope: Scope, insert: (value: string) => Inserted): RenderedTemplate {
  const notes: string[] = [];
  let left = maxInsertedCharacters;
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const { text, note } = within(left, inserted(part, scope, insert));
    left -= text.length;
    if (note !== undefined) notes.push(`"${part.name}": ${note}`);
    return text;
  });
  return { text: texts.join(''), notes };
}

const within = (left: number, given: Inserted): Inserted =>
  given.text.length <= left
    ? given
    : { text: '', note: `left out: the values would be longer than ${maxInsertedCharacters} characters together` };

function inserted(placeholder: Placeholder, scope: Scope, insert: (value: string) => Inserted): Inserted {
  const { text, note } = plainText(placeholder, scope);
  if (text === '') return { text, ...(note === undefined ? {} : { note }) };
  const { text: encoded, note: ownNote } = insert(text);
  const said = note ?? ownNote;
  return { text: encoded, ...(said === undefined ? {} : { note: said }) };
}

/** What a placeholder comes to before it is encoded. `note`: that there is nothing, and why; without the value. */
export function plainText({ fallback, ...expression }: Placeholder, scope: Scope): Inserted {
  const evaluation = evaluate(expression, scope);
  if (!isGiven(evaluation)) {
    const note = missing(evaluation, fallback !== undefined);
    return { text: instead(fallback), ...(note === undefined ? {} : { note }) };
  }
  const written = valueText(foundValue(evaluation));
  return written.ok ? { text: written.text } : { text: instead(fallback), note: written.why };
}

/** What is said of a value that is not there. An error is said also when something stands in for the value. */
function missing(evaluation: Evaluation, hasFallback: boolean): string | undefined {
  if ('error' in evaluation) return evaluation.error;
  if (hasFallback || foundValue(evaluation) === '') return undefined;
  if (evaluation.found) return 'its value is null';
  return evaluation.note ?? 'the call has no such value';
}

const instead = (fallback = ''): string => fallback.toWellFormed();

/** `.` and `..` are steps to another folder, however they are encoded (WHATWG URL): as a value they are left out. */
const pathValue = (value: string): Inserted =>
  value === '.' || value === '..'
    ? { text: '', note: 'its value is "." or "..", which in a path means another folder' }
    : { text: encoders['url-path'](value) };
