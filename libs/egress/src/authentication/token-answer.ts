import { Failure } from '@patchcord/contracts';
import type { EgressOutcome } from '../request.ts';
import { refused } from './failures.ts';

/** What was got in exchange for credentials. */
export interface FetchedToken {
  readonly value: string;
  /** Undefined when the answer does not say it in a way that can be read. */
  readonly lifetimeSeconds: number | undefined;
  /** Given by OAuth servers that change it with each use. */
  readonly refreshToken?: string | undefined;
}

/** Statuses by which servers say that credentials are wrong. */
const refusals: readonly number[] = [400, 401, 403, 422];

/** A request for a token that failed, as a failure of the request that needs the token. */
export function tokenRequestFailure(outcome: Extract<EgressOutcome, { ok: false }>): Failure {
  const { failure, status } = outcome;
  // It was not asked.
  if (status === undefined && failure.class === 'throttled') return failure;
  if (status !== undefined && refusals.includes(status)) return credentialsRefused(status);
  // That the token endpoint is gone does not mean that the site is.
  const failureClass = failure.class === 'destination-gone' ? 'permanent' : failure.class;
  return new Failure(failureClass, `token_${failure.code}`, `no token could be had: ${failure.message}`, {
    ...(status === undefined ? {} : { status }),
    ...(failure.retryAt === undefined ? {} : { retryAt: failure.retryAt }),
  });
}

const credentialsRefused = (status: number): Failure =>
  refused('credentials_refused', `the token endpoint answered ${status}: it does not accept the credentials`, status);

/** The JSON of an answer, whatever its status; throws when it is none or not said to be. */
export function answeredJson({
  headers,
  body,
}: {
  headers?: Readonly<Record<string, string>>;
  body?: string;
}): unknown {
  if (!isJson(headers?.['content-type'])) {
    throw refused('token_response_invalid', 'the token endpoint answered no JSON: expected the type application/json');
  }
  try {
    return JSON.parse(body ?? '');
  } catch {
    throw refused('token_response_invalid', 'the token endpoint answered something that cannot be read as JSON');
  }
}

export const isJson = (contentType: string | undefined): boolean =>
  /^\s*application\/([\w.-]+\+)?json\s*(;|,|$)/i.test(contentType ?? '');

/** A token that can stand in a header. */
export function checkedToken(value: unknown, where: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '') {
    throw refused('token_missing', `the answer of the token endpoint holds no token: expected text under ${where}`);
  }
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw refused('token_response_invalid', 'the token cannot stand in a header: expected visible ASCII');
  }
  return text;
}
