import type { SiteAuthentication } from '@patchcord/contracts';
import type { AddedNames } from './types.ts';

/** Names of headers (lower case) and query parameters that an authentication adds to a request. */
export function addedNames(authentication: SiteAuthentication): AddedNames {
  switch (authentication.kind) {
    case 'api-key':
      return authentication.in === 'query'
        ? { headers: [], query: [authentication.field] }
        : headersOnly(authentication.field);
    case 'login-token':
      return headersOnly(authentication.header);
    case 'hmac':
      return headersOnly('webhook-id', 'webhook-timestamp', 'webhook-signature');
    case 'mutual-tls':
      return headersOnly();
    default:
      return headersOnly('authorization');
  }
}

const headersOnly = (...names: string[]): AddedNames => ({
  headers: names.map((name) => name.toLowerCase()),
  query: [],
});
