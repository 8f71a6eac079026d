import type { SiteAuthentication } from '@patchcord/contracts';
import type { Egress } from '../egress.ts';
import type { EgressOutcome, EgressRequest } from '../request.ts';

/** A token as it is kept: it lets anybody in who has it. */
export interface StoredToken {
  readonly value: string;
  /** From then on a new one is fetched, while this one still serves (ms since 1970). */
  readonly refreshAt: number;
  /** From then on it is of no use (ms since 1970). */
  readonly expiresAt: number;
  /** What it was made from; another one means that the authentication was changed meanwhile. */
  readonly fingerprint: string;
}

/** Gives a lock back. Never throws. */
export type Release = () => Promise<void>;

/** Where tokens lie for all replicas. Implementations throw `Failure` own-trouble when they cannot answer. */
export interface TokenStore {
  get(tenantId: string, key: string): Promise<StoredToken | undefined>;
  /** Kept until `expiresAt`. */
  put(tenantId: string, key: string, token: StoredToken): Promise<void>;
  remove(tenantId: string, key: string): Promise<void>;
  /** Undefined when somebody else holds it. A holder that dies loses it after `ttlMs`. */
  lock(tenantId: string, key: string, ttlMs: number): Promise<Release | undefined>;
}

export interface SiteAuthenticatorOptions {
  readonly egress: Pick<Egress, 'send'>;
  /** The value of a secret. Throws nothing but `Failure`: permanent `secret_missing`, by its id, when there is none. */
  readonly secret: (tenantId: string, id: string) => Promise<string>;
  /** The same, as it is stored now: what another replica used up a moment ago must not be used again. Default: `secret`. */
  readonly storedSecret?: (tenantId: string, id: string) => Promise<string>;
  /** Keeps a value that the other side changed; in force everywhere when it resolves. */
  readonly storeSecret: (tenantId: string, id: string, value: string) => Promise<void>;
  readonly tokens: TokenStore;
  /** Milliseconds since 1970; injected for tests. */
  readonly now?: () => number;
}

export interface AuthenticatedBy {
  readonly tenantId: string;
  /** Undefined: the request is sent as it is. */
  readonly authentication: SiteAuthentication | undefined;
  /** Id of the message by Standard Webhooks: the same for each attempt to deliver it. */
  readonly messageId: string;
  /** What each single request goes through on its way out, log-ins too: a limit of the destination. Never throws. */
  readonly through?: Through | undefined;
}

/** Sends by `send` when the time has come. `isLogIn`: for a token that others may wait for too. */
export type Through = (
  request: EgressRequest,
  send: (request: EgressRequest) => Promise<EgressOutcome>,
  isLogIn: boolean,
) => Promise<EgressOutcome>;

/** What an authentication adds to a request, by name. */
export interface AddedNames {
  /** In lower case. */
  readonly headers: string[];
  readonly query: string[];
}

export interface SiteAuthenticator {
  /**
   * Sends with credentials. When the site answers 401 to a token, the token is renewed once and the same request sent
   * again. Never throws; no failure holds a secret.
   */
  send(request: EgressRequest, by: AuthenticatedBy): Promise<EgressOutcome>;
  /** Names of headers and query parameters that it adds, for masking what is shown. */
  adds(authentication: SiteAuthentication): AddedNames;
  /** Resolves when no token is being fetched. Wait for it before connections are closed. */
  settled(): Promise<void>;
}
