import type { SiteAuthentication } from '@patchcord/contracts';
import type { EgressOutcome, EgressRequest } from '../egress.ts';
import { addedNames } from './added-names.ts';
import { refused, storeFailure } from './failures.ts';
import { withStaticCredentials } from './static-credentials.ts';
import type { AuthenticatedBy, SiteAuthenticator, SiteAuthenticatorOptions } from './types.ts';

/** Sends requests with the credentials of a site. */
export function createSiteAuthenticator(options: SiteAuthenticatorOptions): SiteAuthenticator {
  return {
    send: async (request, by) => {
      const startedAt = performance.now();
      try {
        if (by.authentication === undefined) return await options.egress.send(request);
        return await sendAs(request, by, by.authentication, options);
      } catch (error) {
        return { ok: false, failure: storeFailure(error), durationMs: performance.now() - startedAt };
      }
    },
    adds: addedNames,
  };
}

async function sendAs(
  request: EgressRequest,
  { tenantId, messageId }: AuthenticatedBy,
  authentication: SiteAuthentication,
  { egress, secret, now = Date.now }: SiteAuthenticatorOptions,
): Promise<EgressOutcome> {
  switch (authentication.kind) {
    case 'basic':
    case 'api-key':
    case 'bearer':
    case 'hmac':
    case 'mutual-tls': {
      const context = { secret: (id: string) => secret(tenantId, id), messageId, now };
      return egress.send(await withStaticCredentials(request, authentication, context));
    }
    default:
      throw refused('authentication_unknown', `the kind of authentication ${authentication.kind} is not known here`);
  }
}
