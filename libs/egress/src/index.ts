export { createSiteAuthenticator } from './authentication/authenticator.ts';
export {
  beginConsent,
  type CodeAuthentication,
  type ConsentBegun,
  type ConsentEnd,
  endConsent,
} from './authentication/consent.ts';
export { consentSecretId } from './authentication/kinds.ts';
export { type Claims, createOpenId, type OpenId } from './authentication/open-id.ts';
export { createTokenCache, type TokenCache } from './authentication/token-cache.ts';
export type {
  AddedNames,
  AuthenticatedBy,
  Release,
  SiteAuthenticator,
  SiteAuthenticatorOptions,
  StoredToken,
  Through,
  TokenStore,
} from './authentication/types.ts';
export {
  type BreakerChange,
  type BreakerState,
  type Breakers,
  type BreakersOptions,
  createBreakers,
} from './breakers.ts';
export { createEgress, type Egress, type EgressOptions } from './egress.ts';
export { mergeHeaders } from './headers.ts';
export type { Mail, MailFailure, MailOutcome, MailSent, MailVia, RefusedRecipient } from './mail/mail.ts';
export { createMailer, type Mailer, type MailerOptions } from './mail/mailer.ts';
export type { EgressAnswer, EgressFailure, EgressOutcome, EgressRequest } from './request.ts';
export type { ClientCertificate } from './tls.ts';
