import { parseJson } from '@patchcord/contracts';
import type { CustomFetchOptions } from 'oauth4webapi';
import type { Egress } from '../egress.ts';
import type { EgressOutcome } from '../request.ts';
import { atPath } from './json-path.ts';
import type { OAuthAuthentication } from './kinds.ts';
import { readSeconds } from './lifetime.ts';
import { isJson, tokenRequestFailure } from './token-answer.ts';

type Fetch = (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response>;

/**
 * `fetch` for the OAuth library through our egress: address guard, deadline, capped answer. Throws the classified
 * `Failure` for everything that is no answer of an authorization server.
 */
export function createOAuthFetch(send: Egress['send'], { timeoutMs, tls, egress }: OAuthAuthentication): Fetch {
  return async (url, { headers, body }) => {
    const outcome = await send({
      method: 'POST',
      url,
      headers,
      body: body.toString(),
      timeoutMs,
      tls,
      policy: egress,
    });
    if (!outcome.ok && !isRefusal(outcome)) throw tokenRequestFailure(outcome);
    return toResponse(outcome);
  };
}

/** A refusal with an error of OAuth in its body (RFC 6749, 5.2). */
function isRefusal({ failure, status, headers, body }: Extract<EgressOutcome, { ok: false }>): boolean {
  if (failure.class !== 'permanent' || ![400, 401, 403].includes(status ?? 0)) return false;
  return isJson(headers?.['content-type']) && typeof atPath(parseJson(body ?? ''), 'error') === 'string';
}

/** Without `WWW-Authenticate`: the library would look at it instead of the error in the body. */
function toResponse({ status = 200, headers, body = '' }: EgressOutcome): Response {
  const contentType = headers?.['content-type'];
  const empty = status === 204 || status === 205;
  return new Response(empty ? null : usedFields(body, contentType), {
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  });
}

/**
 * Without what we have no use for: an ID token, which could not be checked without the name of its issuer, and a
 * lifetime that cannot be read, which is no reason to go without the token.
 */
function usedFields(body: string, contentType: string | undefined): string {
  const json = isJson(contentType) ? parseJson(body ?? '') : undefined;
  if (typeof json !== 'object' || json === null) return body;
  const { id_token: _, expires_in: lifetime, ...rest } = json as Readonly<Record<string, unknown>>;
  const seconds = readSeconds(lifetime);
  return JSON.stringify({ ...rest, ...(seconds === undefined ? {} : { expires_in: seconds }) });
}
