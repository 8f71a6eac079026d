import { mergeHeaders } from '../headers.ts';
import type { EgressRequest } from '../request.ts';
import { refused } from './failures.ts';
import type { OfKind, StaticAuthentication } from './kinds.ts';
import { withQueryParameter } from './query.ts';
import { signatureHeaders } from './sign.ts';

export interface StaticContext {
  readonly secret: (id: string) => Promise<string>;
  readonly messageId: string;
  readonly now: () => number;
}

/** The request with credentials. Throws `Failure`. */
export async function withStaticCredentials(
  request: EgressRequest,
  authentication: StaticAuthentication,
  context: StaticContext,
): Promise<EgressRequest> {
  const { secret } = context;
  switch (authentication.kind) {
    case 'basic':
      return withHeaders(request, {
        authorization: basic(authentication.username, await secret(authentication.password)),
      });
    case 'bearer':
      return withHeaders(request, { authorization: `Bearer ${await secret(authentication.token)}` });
    case 'api-key':
      return withApiKey(request, authentication, await secret(authentication.key));
    case 'hmac':
      return signed(request, authentication, context);
    case 'mutual-tls':
      return withCertificate(request, authentication, secret);
  }
}

/** What of them the site itself gets to see, and could send back. */
export async function shownCredentials(
  authentication: StaticAuthentication,
  secret: StaticContext['secret'],
): Promise<string[]> {
  switch (authentication.kind) {
    case 'basic': {
      const password = await secret(authentication.password);
      return [password, basic(authentication.username, password).replace('Basic ', '')];
    }
    case 'bearer':
      return [await secret(authentication.token)];
    case 'api-key':
      return [await secret(authentication.key)];
    case 'hmac':
    case 'mutual-tls':
      return [];
  }
}

/** Headers of the same name, in any case, are replaced: two credentials in one request are a guess for the receiver. */
export const withHeaders = (request: EgressRequest, headers: Record<string, string>): EgressRequest => ({
  ...request,
  headers: mergeHeaders(request.headers, headers),
});

/** RFC 7617, in UTF-8. */
function basic(username: string, password: string): string {
  if (username.includes(':')) throw refused('username_invalid', 'a user name of Basic authentication cannot hold ":"');
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function withApiKey(request: EgressRequest, { in: place, field }: OfKind<'api-key'>, key: string): EgressRequest {
  if (place === 'header') return withHeaders(request, { [field]: key });
  return { ...request, url: withQueryParameter(request.url, field, key) };
}

async function signed(
  request: EgressRequest,
  { secrets }: OfKind<'hmac'>,
  { secret, messageId, now }: StaticContext,
): Promise<EgressRequest> {
  const named = await Promise.all(secrets.map(async (id) => ({ id, value: await secret(id) })));
  return withHeaders(request, signatureHeaders(request, named, { id: messageId, atMs: now() }));
}

async function withCertificate(
  request: EgressRequest,
  { certificate, privateKey, passphrase }: OfKind<'mutual-tls'>,
  secret: StaticContext['secret'],
): Promise<EgressRequest> {
  const [pem, key, phrase] = await Promise.all([
    secret(certificate),
    secret(privateKey),
    passphrase === undefined ? undefined : secret(passphrase),
  ]);
  return { ...request, clientCertificate: { certificate: pem, privateKey: key, passphrase: phrase } };
}
