import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import { Failure, type IdentityProvider, token } from '@patchcord/contracts';
import type { Claims, OpenId } from '@patchcord/egress';
import type { BegunSignIn, SignIns } from '../adapters/secrets-consents.ts';
import type { Secrets } from './secrets.ts';

export interface SignInOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly signIns: SignIns;
  readonly secrets: Pick<Secrets, 'value'>;
  readonly openId: OpenId;
}

interface ProviderOf {
  readonly tenantId: string;
  readonly providerId: string;
}

interface Start extends ProviderOf {
  readonly redirectUri: string;
  readonly browser: string;
  readonly goTo: string;
}

interface SignedIn extends ProviderOf {
  readonly goTo: string;
  readonly claims: Claims;
}

/** People who sign in by an identity provider of their tenant. */
export interface SignIn {
  begin(start: Start): Promise<{ url: string }>;
  end(answered: { readonly callbackUrl: string; readonly browser: string }): Promise<SignedIn>;
  endSession(of: ProviderOf & { readonly goTo: string }): Promise<{ url?: string }>;
}

/** How long a person may take at the provider (ms). */
const signInTtlMs = 10 * 60_000;

export function createSignIn({ config, signIns, secrets, openId }: SignInOptions): SignIn {
  return {
    begin: async ({ tenantId, ...start }) => {
      const provider = findProvider(config, { tenantId, providerId: start.providerId });
      const name = randomBytes(32).toString('base64url');
      // The answer comes without a word on the tenant but this.
      const { url, ...begun } = await openId.begin(provider, {
        redirectUri: start.redirectUri,
        state: `${tenantId}.${name}`,
      });
      await signIns.keep(tenantId, name, { ...start, ...begun }, signInTtlMs);
      return { url };
    },
    end: async ({ callbackUrl, browser }) => {
      const url = new URL(callbackUrl);
      const state = url.searchParams.get('state') ?? '';
      const { tenantId, begun } = await taken(signIns, state, browser);
      const { providerId, redirectUri, codeVerifier, nonce, goTo } = begun;
      const provider = findProvider(config, { tenantId, providerId });
      const { clientSecret } = provider;
      const claims = await openId.end(provider, {
        clientSecret: clientSecret === undefined ? undefined : await secrets.value(tenantId, clientSecret),
        callbackUrl: url,
        redirectUri,
        state,
        codeVerifier,
        nonce,
      });
      return { tenantId, providerId, goTo, claims };
    },
    endSession: async ({ goTo, ...of }) => {
      const url = await openId.endSessionUrl(findProvider(config, of), goTo);
      return url === undefined ? {} : { url };
    },
  };
}

function findProvider(config: SignInOptions['config'], { tenantId, providerId }: ProviderOf): IdentityProvider {
  const found = config.tenant(tenantId)['identity-provider'].get(providerId);
  if (found !== undefined && !found.disabled) return found;
  throw new Failure('permanent', 'not_found', `there is no identity provider "${providerId}"`);
}

async function taken(
  signIns: SignIns,
  state: string,
  browser: string,
): Promise<{ tenantId: string; begun: BegunSignIn }> {
  const [tenantId = '', name = '', ...rest] = state.split('.');
  const wellFormed = [tenantId, name].every((part) => token.safeParse(part).success) && rest.length === 0;
  const begun = wellFormed ? await signIns.take(tenantId, name) : undefined;
  if (begun !== undefined && isSame(begun.browser, browser)) return { tenantId, begun };
  throw new Failure(
    'permanent',
    'sign_in_unknown',
    'this sign-in was ended already, begun by another browser, or begun more than 10 minutes ago: begin it again',
  );
}

const isSame = (one: string, other: string): boolean => timingSafeEqual(hashOf(one), hashOf(other));
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
