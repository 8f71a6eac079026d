import { Failure, siteAuthentication } from '@patchcord/contracts';
import { recordingServer, type ServerAnswer } from '@patchcord/testkit';
import { type AuthorizationServer, startAuthorizationServer } from '@patchcord/testkit/authorization-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginConsent, type CodeAuthentication, createEgress, type EgressOutcome, endConsent } from '../src/index.ts';
import { type SiteFixture, siteFixture, verdict } from './site-fixture.ts';

let provider: AuthorizationServer;
let crm: Awaited<ReturnType<typeof recordingServer>>;
let site: SiteFixture;
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };

beforeEach(async () => {
  provider = await startAuthorizationServer();
  site = siteFixture({ cs: provider.clientSecret });
  crm = await recordingServer(async ({ headers }) => {
    const found = await provider.check(String(headers.authorization).replace('Bearer ', ''));
    return found === undefined
      ? { status: 401 }
      : { body: JSON.stringify({ scope: found.scope, of: found.accountId }) };
  });
});
afterEach(async () => {
  await site.authenticator.settled();
  await site.close();
  await crm.close();
  await provider.close();
});

const client = () => ({
  id: 'oauth',
  name: 'OAuth',
  tokenUrl: provider.tokenUrl,
  clientId: provider.clientId,
  clientSecret: 'cs',
  egress,
});
type Input = NonNullable<Parameters<SiteFixture['send']>[0]>;
const send = (authentication: Input): Promise<EgressOutcome> => site.send(authentication, { url: crm.url });
const credentials = (more: object = {}): Input =>
  ({ ...client(), kind: 'oauth2-client-credentials', scopes: ['crm'], ...more }) as Input;
const refreshing = (more: object = {}): Input =>
  ({ ...client(), kind: 'oauth2-refresh-token', refreshToken: 'rt', ...more }) as Input;
const byCode = (more: object = {}): CodeAuthentication =>
  siteAuthentication.parse({
    ...client(),
    kind: 'oauth2-authorization-code',
    authorizationUrl: provider.authorizationUrl,
    scopes: ['openid', 'offline_access', 'crm'],
    ...more,
  }) as CodeAuthentication;

/** A whole consent; gives the refresh token. */
async function consent(authentication = byCode(), change: (callback: URL) => void = () => {}): Promise<string> {
  const { redirectUri } = provider;
  const begun = await beginConsent(authentication, { redirectUri, state: 'acme.state-1' });
  const callbackUrl = new URL(await provider.browse(begun.url));
  change(callbackUrl);
  const clientSecret = authentication.clientSecret === undefined ? undefined : provider.clientSecret;
  const { codeVerifier } = begun;
  const outbound = createEgress();
  const end = { authentication, clientSecret, callbackUrl, redirectUri, state: 'acme.state-1', codeVerifier };
  const refreshToken = endConsent(outbound, end);
  await Promise.allSettled([refreshToken]);
  await outbound.close();
  return refreshToken;
}

describe('OAuth 2 - client credentials', () => {
  it.each([
    ['HTTP Basic', {}],
    ['fields of the form', { clientId: 'patchcord-client_secret_post', clientAuthentication: 'post' }],
  ])('shows itself by %s and uses its token until it ends', async (_name, more) => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(credentials(more))));
    expect(outcomes.map(verdict)).toEqual(outcomes.map(() => '200'));
    expect(JSON.parse(outcomes[0]?.body ?? '')).toMatchObject({ scope: 'crm' });
    expect(provider.tokenRequests()).toBe(1);
    site.advance(600_000);
    await send(credentials(more));
    expect(provider.tokenRequests()).toBe(2);
  });

  it('a token that the site refuses is renewed once and the request sent again', async () => {
    await send(credentials());
    const [key] = [...site.tokens.stored.keys()];
    const stored = site.tokens.stored.get(key ?? '');
    if (key === undefined || stored === undefined) throw new Error('expected a stored token');
    site.tokens.stored.set(key, { ...stored, value: 'revoked' });
    expect(verdict(await send(credentials()))).toBe('200');
    expect([provider.tokenRequests(), crm.seen.length]).toEqual([2, 3]);
  });

  it('a wrong client secret is refused credentials, and neither it nor the answer is in the failure', async () => {
    site.secrets.set('cs', 'wr0ng-s3cret');
    const outcome = await send(credentials());
    expect(verdict(outcome)).toBe('permanent credentials_refused');
    expect(outcome.ok ? '' : outcome.failure.message).toContain('invalid_client');
    expect(everythingOf(outcome)).not.toMatch(/s3cret/);
  });

  const json = { 'content-type': 'application/json' };
  it.each<[string, string, ServerAnswer]>([
    ['transient token_http_503', 'is down', { status: 503 }],
    ['throttled token_http_429', 'has enough of us', { status: 429, headers: { 'retry-after': '5' } }],
    [
      'permanent token_redirect_refused',
      'sends us elsewhere',
      { status: 302, headers: { location: 'https://evil.example' } },
    ],
    ['permanent credentials_refused', 'says 401 without a word', { status: 401 }],
    [
      'transient token_unavailable',
      'says so itself',
      { status: 400, headers: json, body: '{"error":"temporarily_unavailable"}' },
    ],
    [
      'permanent token_refused',
      'does not know the scope',
      { status: 400, headers: json, body: '{"error":"invalid_scope","error_description":"s3cret"}' },
    ],
    ['permanent token_response_invalid', 'gives HTML', { headers: { 'content-type': 'text/html' }, body: 's3cret' }],
    ['permanent token_response_invalid', 'gives no type', { headers: json, body: '{"access_token":"s3cret"}' }],
    ['permanent token_response_too_large', 'never ends', { headers: json, body: `"${'s3cret'.repeat(300_000)}"` }],
  ])('%s - a token endpoint that %s', async (expected, _name, answer) => {
    const endpoint = await recordingServer(() => answer);
    const outcome = await send(credentials({ tokenUrl: endpoint.url }));
    expect(verdict(outcome)).toBe(expected);
    expect(everythingOf(outcome)).not.toContain('s3cret');
    await endpoint.close();
  });

  it('a lifetime that cannot be read, and an ID token of nobody, are no reason to go without the token', async () => {
    const body = JSON.stringify({
      access_token: 'x',
      token_type: 'Bearer',
      expires_in: 'soon',
      id_token: 'no.jwt.s3cret',
    });
    const endpoint = await recordingServer(() => ({ headers: json, body }));
    const target = await recordingServer();
    const outcome = await site.send(credentials({ tokenUrl: endpoint.url, extra: { audience: 'crm' } }), {
      url: target.url,
    });
    expect(verdict(outcome)).toBe('200');
    expect(target.seen[0]?.headers.authorization).toBe('Bearer x');
    expect(Object.fromEntries(new URLSearchParams(endpoint.seen[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'crm',
      audience: 'crm',
    });
    await endpoint.close();
    await target.close();
  });
});

describe('OAuth 2 - refresh token', () => {
  it('keeps the new refresh token before it uses the access token that came with it', async () => {
    const first = await consent();
    site.secrets.set('rt', first);
    const whenUsed: (string | undefined)[] = [];
    await crm.close();
    crm = await recordingServer(({ headers }) => {
      whenUsed.push(site.secrets.get('rt'));
      return { body: String(headers.authorization) };
    });
    expect(verdict(await send(refreshing()))).toBe('200');
    expect(whenUsed[0]).not.toBe(first);
    site.advance(600_000);
    expect(verdict(await send(refreshing()))).toBe('200');
    expect(new Set([first, ...whenUsed]).size).toBe(3);
  });

  it('what could not be kept is not forgotten - the next request keeps it and goes on with it', async () => {
    site.secrets.set('rt', await consent());
    site.secrets.set = () => {
      throw new Failure('own-trouble', 'secrets_unavailable', 'the bucket cannot be had');
    };
    expect(verdict(await send(refreshing()))).toBe('own-trouble secrets_unavailable');
    expect(crm.seen).toEqual([]);
    Reflect.deleteProperty(site.secrets, 'set');
    expect(verdict(await send(refreshing()))).toBe('200');
  });

  it('a scheme of its own stands before the token, at the refreshed one as well', async () => {
    site.secrets.set('rt', await consent());
    const target = await recordingServer(() => ({ status: 401 }));
    await site.send(refreshing({ prefix: 'Zoho-oauthtoken ' }), { url: target.url });
    const shown = target.seen.map(({ headers }) => String(headers.authorization));
    expect(shown.map((one) => one.split(' ')[0])).toEqual(['Zoho-oauthtoken', 'Zoho-oauthtoken']);
    expect(new Set(shown).size).toBe(2);
    expect(siteAuthentication.safeParse(refreshing({ prefix: 'Zoho\r\n' })).success).toBe(false);
    await target.close();
  });

  it('a refresh token that was revoked is refused credentials; a new one serves at once', async () => {
    const revoked = await consent();
    site.secrets.set('rt', revoked);
    await provider.revoke(revoked);
    const outcome = await send(refreshing());
    expect(verdict(outcome)).toBe('permanent credentials_refused');
    expect(everythingOf(outcome)).not.toContain(revoked);
    site.secrets.set('rt', await consent());
    expect(verdict(await send(refreshing()))).toBe('200');
  });
});

describe('OAuth 2 - authorization code', () => {
  it('a person allows it once; from then on it lives by the refresh token', async () => {
    const authentication = byCode();
    expect(verdict(await send(authentication))).toBe('permanent secret_missing');
    site.secrets.set('oauth-oauth', await consent(authentication));
    const outcome = await send(authentication);
    expect(JSON.parse(outcome.body ?? '')).toEqual({ scope: 'openid offline_access crm', of: 'ana' });
  });

  it('a public client needs no secret, for it has PKCE', async () => {
    const authentication = byCode({ clientId: 'patchcord-none', clientSecret: undefined });
    site.secrets.set('oauth-oauth', await consent(authentication));
    expect(verdict(await send(authentication))).toBe('200');
  });

  it.each<[string, (callback: URL) => void]>([
    ['token_response_invalid', (callback) => callback.searchParams.set('state', 'of-somebody-else')],
    ['token_response_invalid', (callback) => callback.searchParams.delete('code')],
    ['consent_invalid', (callback) => callback.searchParams.set('iss', 'https://evil.example')],
    ['credentials_refused', (callback) => callback.searchParams.set('error', 'access_denied')],
    ['credentials_refused', (callback) => callback.searchParams.set('code', 'of-somebody-else')],
  ])('%s - an answer that is not what was asked for (%#)', async (code, change) => {
    await expect(consent(byCode(), change)).rejects.toMatchObject({ name: 'Failure', class: 'permanent', code });
  });

  it('a server that gives no refresh token is told with the remedy', async () => {
    const without = consent(byCode({ scopes: ['openid'] }));
    await expect(without).rejects.toMatchObject({ code: 'refresh_token_missing' });
  });
});

/** All text that a failure may show: also what its causes say. */
function everythingOf(outcome: EgressOutcome): string {
  const texts = [JSON.stringify(outcome)];
  for (let at: unknown = outcome.ok ? undefined : outcome.failure; at instanceof Error; at = at.cause) {
    texts.push(at.message, JSON.stringify(at), String(at.stack));
  }
  return texts.join('\n');
}
