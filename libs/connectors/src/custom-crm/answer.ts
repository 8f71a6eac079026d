import { Failure } from '@patchcord/contracts';

/** What an answer of a custom CRM says. Nonsense is a failure, never a value. */
export type AnswerReading =
  | { readonly outcome: 'found'; readonly value: string }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

export interface AnswerOptions {
  readonly fieldName: string;
  /** Where the value stands in a JSON answer, dots between the keys. */
  readonly answerPath?: string | undefined;
}

const maxValueLength = 1024;
const notFound: AnswerReading = { outcome: 'not-found' };

/**
 * Reads the body of a successful answer. No source says what a custom CRM answers, so several forms are taken: a JSON
 * object (the configured path, else `value`, else the key named like the field), a JSON scalar, plain text. The content
 * type guides but does not decide.
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

/** Numbers too large for a double stay as they were written: they are ids. */
const parseJson = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source ?? '';
    return /^-?\d+$/.test(source) ? source : value;
  });

function fromText(text: string): AnswerReading {
  if (/[\r\n]/.test(text)) return nonsense('answer_unreadable', 'several lines of text');
  return scalar(text);
}

function fromJson(json: unknown, { fieldName, answerPath }: AnswerOptions): AnswerReading {
  if (typeof json !== 'object' || json === null) return scalar(json);
  if (Object.keys(json).length === 0) return notFound;
  if (answerPath !== undefined) return field(json, answerPath.split('.'), answerPath);
  if (Array.isArray(json)) return nonsense('answer_unreadable', 'a list');
  return Object.hasOwn(json, 'value') ? field(json, ['value'], 'value') : field(json, [fieldName], fieldName);
}

function field(json: unknown, path: readonly string[], shown: string): AnswerReading {
  let at = json;
  for (const key of path) {
    if (at === null) return notFound;
    if (typeof at !== 'object' || !Object.hasOwn(at, key)) {
      return nonsense('answer_field_missing', `JSON without "${shown}"`);
    }
    at = (at as Record<string, unknown>)[key];
  }
  return scalar(at);
}

function scalar(value: unknown): AnswerReading {
  if (value === null) return notFound;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return nonsense('answer_unreadable', 'no single value');
  }
  const text = String(value).trim();
  if (text === '') return notFound;
  if (text.length > maxValueLength) return nonsense('answer_too_long', `more than ${maxValueLength} characters`);
  return { outcome: 'found', value: text };
}

const nonsense = (code: string, what: string, cause?: unknown): AnswerReading => ({
  outcome: 'failed',
  failure: new Failure('permanent', code, `the CRM answered ${what}`, { cause }),
});
