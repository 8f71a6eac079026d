import type { IssueRule } from '@patchcord/contracts';
import { issueText } from './issue-text.ts';

/** A field of a request that was not as expected. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

interface ToldIssue extends Issue {
  readonly rule?: IssueRule;
}

/** What the API refused, in its own words: `message` is for people, `issues` name fields. Status 0: no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly issues: readonly Issue[];

  constructor(status: number, { code, message, issues = [] }: { code: string; message: string; issues?: Issue[] }) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

/** The word that goes with our cookie; only in this page's memory. */
let word: string | undefined;

export function keepWord(csrf: string | undefined): void {
  word = csrf;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Goes on when the page is left. */
  readonly keepalive?: boolean;
}

/** Asks the API. Answers without a body are `undefined`. Rejects with `ApiError` and nothing else, but when aborted. */
export async function ask<Answer>(path: string, asked: Ask = {}): Promise<Answer> {
  return (await askTagged<Answer>(path, asked)).answer;
}

/** The same with a body that is YAML already. */
export async function askYaml<Answer>(
  path: string,
  { body, ...asked }: Ask & { readonly body: string },
): Promise<Answer> {
  return (await send<Answer>(path, asked, { type: 'application/yaml', text: body })).answer;
}

/** The same with a file of CSV, which is read as it is sent. */
export async function askCsv<Answer>(path: string, { body, ...asked }: Ask & { readonly body: Blob }): Promise<Answer> {
  return (await send<Answer>(path, asked, { type: 'text/csv', text: body })).answer;
}

/** As `ask`, with the entity tag of the answer. */
export const askTagged = <Answer>(path: string, { body, ...asked }: Ask = {}) =>
  send<Answer>(path, asked, body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) });

async function send<Answer>(
  path: string,
  { method = 'GET', headers, signal, keepalive }: Omit<Ask, 'body'>,
  body: { readonly type: string; readonly text: string | Blob } | undefined,
): Promise<{ answer: Answer; etag: string }> {
  const response = await reached(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(word === undefined || method === 'GET' ? {} : { 'x-patchcord-csrf': word }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body.text }),
    ...(signal === undefined ? {} : { signal }),
    ...(keepalive === true ? { keepalive } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text);
  const answer = (text === '' ? undefined : JSON.parse(text)) as Answer;
  return { answer, etag: response.headers.get('etag') ?? '' };
}

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { code: 'unreachable', message: 'the console does not answer' });
  }
}

function refusal(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; issues?: ToldIssue[] } };
    const issues = error.issues?.map((issue) => ({ path: issue.path, message: issueText(issue) })) ?? [];
    return new ApiError(status, { ...error, issues });
  } catch {
    return new ApiError(status, { code: 'no_answer', message: `the console answered ${status}` });
  }
}
