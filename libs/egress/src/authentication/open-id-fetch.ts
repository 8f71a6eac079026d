import { Failure, type IdentityProvider } from '@patchcord/contracts';
import type { CustomFetchOptions } from 'oauth4webapi';
import type { Egress } from '../egress.ts';
import type { EgressOutcome } from '../request.ts';

type Fetch = (
  url: string,
  options: CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>,
) => Promise<Response>;

/** `fetch` for the OpenID library through our egress. Throws `Failure` for everything that is no answer of a provider. */
export function createOpenIdFetch(send: Egress['send'], { timeoutMs, tls, egress }: IdentityProvider): Fetch {
  return async (url, { method, headers, body }) => {
    const outcome = await send({ method, url, headers, body: body?.toString(), timeoutMs, tls, policy: egress });
    if (!outcome.ok && !isRefusal(outcome)) throw unreachable(outcome);
    return toResponse(outcome);
  };
}

/** An answer that the library explains: OAuth's own errors come with these. */
const isRefusal = ({ status }: Extract<EgressOutcome, { ok: false }>): boolean => [400, 401, 403].includes(status ?? 0);

function unreachable({ failure, status }: Extract<EgressOutcome, { ok: false }>): Failure {
  const why = status === undefined ? failure.message : `it answered ${status}`;
  return new Failure('transient', 'provider_unavailable', `the identity provider cannot be asked: ${why}`);
}

/** Without `WWW-Authenticate`: the library would look at it instead of the error in the body. */
function toResponse({ status = 200, headers, body = '' }: EgressOutcome): Response {
  const contentType = headers?.['content-type'];
  const empty = status === 204 || status === 205;
  return new Response(empty ? null : body, {
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  });
}
