import { randomBytes } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import { Failure, token } from '@patchcord/contracts';
import {
  beginConsent,
  type CodeAuthentication,
  consentSecretId,
  type Egress,
  endConsent,
  type TokenStore,
} from '@patchcord/egress';
import type { BegunConsent, Consents } from '../adapters/secrets-consents.ts';
import type { Secrets } from './secrets.ts';

export interface ConsentOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly consents: Consents;
  readonly secrets: Pick<Secrets, 'value' | 'put'>;
  readonly tokens: Pick<TokenStore, 'remove'>;
  readonly egress: Pick<Egress, 'send'>;
}

interface ConsentOf {
  readonly tenantId: string;
  readonly authenticationId: string;
}

export type BeginConsent = (wanted: ConsentOf & { readonly redirectUri: string }) => Promise<{ url: string }>;
export type EndConsent = (answered: { readonly callbackUrl: string }) => Promise<ConsentOf>;

/** How long a person may take at the authorization server (ms). */
const consentTtlMs = 10 * 60_000;

/** Where a person's browser goes to allow us what an `oauth2-authorization-code` asks for. */
export function createBeginConsent({ config, consents }: ConsentOptions): BeginConsent {
  return async ({ tenantId, authenticationId, redirectUri }) => {
    const authentication = findAuthentication(config, { tenantId, authenticationId });
    checkSecretId(authenticationId);
    const name = randomBytes(32).toString('base64url');
    // The answer comes without a word on the tenant but this.
    const begun = await beginConsent(authentication, { redirectUri, state: `${tenantId}.${name}` });
    const { codeVerifier } = begun;
    await consents.keep(tenantId, name, { authenticationId, redirectUri, codeVerifier }, consentTtlMs);
    return { url: begun.url };
  };
}

/** Turns the answer of the authorization server into a refresh token, kept as a secret. Works once for each beginning. */
export function createEndConsent(options: ConsentOptions): EndConsent {
  const { config, secrets, tokens, egress } = options;
  return async ({ callbackUrl }) => {
    const url = new URL(callbackUrl);
    const state = url.searchParams.get('state') ?? '';
    const { tenantId, begun } = await taken(options.consents, state);
    const { authenticationId, redirectUri, codeVerifier } = begun;
    const authentication = findAuthentication(config, { tenantId, authenticationId });
    const { clientSecret } = authentication;
    const refreshToken = await endConsent(egress, {
      authentication,
      clientSecret: clientSecret === undefined ? undefined : await secrets.value(tenantId, clientSecret),
      callbackUrl: url,
      redirectUri,
      state,
      codeVerifier,
    });
    await secrets.put({ tenantId, id: consentSecretId(authenticationId), value: refreshToken, actor: 'consent' });
    // What the consent before this one gave may be another person's.
    await tokens.remove(tenantId, authenticationId);
    return { tenantId, authenticationId };
  };
}

function findAuthentication(
  config: ConsentOptions['config'],
  { tenantId, authenticationId }: ConsentOf,
): CodeAuthentication {
  const found = config.tenant(tenantId)['site-authentication'].get(authenticationId);
  if (found?.kind === 'oauth2-authorization-code') return found;
  throw new Failure(
    'permanent',
    'not_found',
    `expected an authentication of the kind oauth2-authorization-code, not "${authenticationId}"`,
  );
}

function checkSecretId(authenticationId: string): void {
  const id = consentSecretId(authenticationId);
  if (token.safeParse(id).success) return;
  throw new Failure('permanent', 'invalid_request', `the id of the authentication is too long to keep "${id}" for it`);
}

async function taken(consents: Consents, state: string): Promise<{ tenantId: string; begun: BegunConsent }> {
  const [tenantId = '', name = '', ...rest] = state.split('.');
  const wellFormed = [tenantId, name].every((part) => token.safeParse(part).success) && rest.length === 0;
  const begun = wellFormed ? await consents.take(tenantId, name) : undefined;
  if (begun !== undefined) return { tenantId, begun };
  throw new Failure(
    'permanent',
    'consent_unknown',
    'this consent was ended already, or begun more than 10 minutes ago: begin it again',
  );
}
