import { z } from 'zod';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';

const provider = { tenantId: token, providerId: token };
/** What only the browser that began has: nobody else ends its sign-in. */
const browser = z.string().min(16).max(128);

/** Verbs of signing in by an identity provider: crm-dispatcher holds the client's secret and is the one way out. */
export const identityRpc = {
  /** Where the person's browser goes. `goTo` comes back at the end. */
  beginSignIn: defineRpc(
    'crm-dispatcher',
    'begin-sign-in',
    z.object({ ...provider, redirectUri: z.url(), browser, goTo: z.string().max(2048) }),
    z.object({ url: z.url() }),
  ),
  /** Ends it, once, with what the provider sent back. @throws Failure permanent `sign_in_unknown` and others */
  endSignIn: defineRpc(
    'crm-dispatcher',
    'end-sign-in',
    z.object({ callbackUrl: z.url(), browser }),
    z.object({
      ...provider,
      goTo: z.string(),
      /** What the provider says of the person; checked, but as it says it. */
      claims: z.looseObject({ sub: z.string().min(1).max(255) }),
    }),
  ),
  /** Where a browser goes to end its session at the provider too; absent when the provider has no such place. */
  endProviderSession: defineRpc(
    'crm-dispatcher',
    'end-provider-session',
    z.object({ ...provider, goTo: z.url() }),
    z.object({ url: z.url().optional() }),
  ),
} as const;
