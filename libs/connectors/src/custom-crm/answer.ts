import { type AnswerPart, Failure } from '@patchcord/contracts';

/** What an answer of a custom CRM says. Nonsense is a failure, never a value. */
export type AnswerReading =
  | { readonly outcome: 'found'; readonly value: string; readonly read: AnswerPart }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

export interface AnswerOptions {
  readonly fieldName: string;
  /** Where the value stands in a JSON answer, dots between the keys; looked at last. */
  readonly answerPath?: string | undefined;
}

const maxValueLength = 1024;
const notFound: AnswerReading = { outcome: 'not-found' };

/**
 * Reads the body of a successful answer. No source says what a custom CRM answers, so several forms are taken, in this
 * order: a JSON object's `value`, its key named like the field, the configured path; a JSON scalar; plain text. The
 * content type guides but does not decide. A key that holds an object or a list holds no value: the next is looked at.
 */
export function readAnswer(contentType: string | undefined, body: string, options: AnswerOptions): AnswerReading {
  const type = (contentType ?? '').toLowerCase();
  const text = body.trim();
  if (text === '') return notFound;
  if (type.includes('html') || text.startsWith('<')) return nonsense('answer_html', 'a web page');
  if (!looksLikeJson(type, text)) return fromText(text);
  try {
    return fromJson(parseJson(text), options);
  } catch (error) {
    return nonsense('answer_unreadable', 'something that is not JSON', error);
  }
}

const looksLikeJson = (type: string, text: string): boolean =>
  type.includes('json') || /^[[{]/.test(text) || (!type.startsWith('text/') && /^"|^null$/.test(text));

/** Of so many digits are those that a double cannot hold. A reviver costs more than all the rest of reading. */
const longNumber = /\d{16}/;

/** Numbers too large for a double stay as they were written: they are ids. Throws for what is no JSON. */
export const parseJson = (text: string): unknown =>
  longNumber.test(text) ? JSON.parse(text, asWritten) : JSON.parse(text);

function asWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? source : value;
}

function fromText(text: string): AnswerReading {
  if (/[\r\n]/.test(text)) return nonsense('answer_unreadable', 'several lines of text');
  return scalar(text, 'text');
}

function fromJson(json: unknown, options: AnswerOptions): AnswerReading {
  if (typeof json !== 'object' || json === null) return scalar(json, 'scalar');
  if (Object.keys(json).length === 0) return notFound;
  const looked = placesIn(json, options).map(({ read, path }) => ({ read, path, at: follow(json, path) }));
  for (const { read, at } of looked) if (at.found && !isNested(at.value)) return scalar(at.value, read);
  if (looked.some(({ at }) => at.found)) return nonsense('answer_unreadable', 'no single value');
  if (looked.length === 0) return nonsense('answer_unreadable', 'a list');
  const names = looked.map(({ path }) => `"${path.join('.')}"`).join(', ');
  return nonsense('answer_field_missing', `JSON without ${names}`);
}

/** Where a value may stand, in the order in which it is looked for. */
function placesIn(
  json: object,
  { fieldName, answerPath }: AnswerOptions,
): { readonly read: AnswerPart; readonly path: readonly string[] }[] {
  const ofObject = [
    { read: 'value' as const, path: ['value'] },
    { read: 'field' as const, path: [fieldName] },
  ];
  const configured = answerPath === undefined ? [] : [{ read: 'path' as const, path: answerPath.split('.') }];
  return [...(Array.isArray(json) ? [] : ofObject), ...configured];
}

/** What stands at a path. A parent that is null has nothing in it, which is an answer too. */
function follow(json: unknown, path: readonly string[]): { readonly found: boolean; readonly value?: unknown } {
  let at = json;
  for (const key of path) {
    if (at === null) return { found: true, value: null };
    if (typeof at !== 'object' || !Object.hasOwn(at, key)) return { found: false };
    at = (at as Record<string, unknown>)[key];
  }
  return { found: true, value: at };
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

function scalar(value: unknown, read: AnswerPart): AnswerReading {
  if (value === null) return notFound;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return nonsense('answer_unreadable', 'no single value');
  const text = String(value).trim();
  if (text === '') return notFound;
  if (text.length > maxValueLength) return nonsense('answer_too_long', `more than ${maxValueLength} characters`);
  return { outcome: 'found', value: text, read };
}

const nonsense = (code: string, what: string, cause?: unknown): AnswerReading => ({
  outcome: 'failed',
  failure: new Failure('permanent', code, `the CRM answered ${what}`, { cause }),
});
