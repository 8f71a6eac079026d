export { createSiteAuthenticator } from './authentication/authenticator.ts';
export type {
  AddedNames,
  AuthenticatedBy,
  Release,
  SiteAuthenticator,
  SiteAuthenticatorOptions,
  StoredToken,
  TokenStore,
} from './authentication/types.ts';
export {
  type BreakerChange,
  type BreakerState,
  type Breakers,
  type BreakersOptions,
  createBreakers,
} from './breakers.ts';
export {
  createEgress,
  type Egress,
  type EgressAnswer,
  type EgressFailure,
  type EgressOptions,
  type EgressOutcome,
  type EgressRequest,
} from './egress.ts';
export { mergeHeaders } from './headers.ts';
export type { ClientCertificate } from './tls.ts';
