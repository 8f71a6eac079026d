import { egressPolicy, Failure, type SiteAuthentication, siteAuthentication } from '@patchcord/contracts';
import type { z } from 'zod';
import {
  createEgress,
  createSiteAuthenticator,
  type EgressOutcome,
  type EgressRequest,
  type SiteAuthenticator,
  type StoredToken,
  type TokenStore,
} from '../src/index.ts';

export const onPremises = egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.0/8'] });
export const tenantId = 'acme';

/** Tokens in this process; the store of all replicas is the dispatcher's and tested there. */
export function tokensInMemory(now: () => number): TokenStore & { readonly stored: Map<string, StoredToken> } {
  const stored = new Map<string, StoredToken>();
  const locks = new Set<string>();
  const name = (tenant: string, key: string): string => `${tenant}/${key}`;
  return {
    stored,
    get: async (tenant, key) => {
      const token = stored.get(name(tenant, key));
      return token !== undefined && now() < token.expiresAt ? token : undefined;
    },
    put: async (tenant, key, token) => void stored.set(name(tenant, key), token),
    remove: async (tenant, key) => void stored.delete(name(tenant, key)),
    lock: async (tenant, key) => {
      if (locks.has(name(tenant, key))) return undefined;
      locks.add(name(tenant, key));
      return async () => void locks.delete(name(tenant, key));
    },
  };
}

export interface SiteFixture {
  readonly authenticator: SiteAuthenticator;
  readonly secrets: Map<string, string>;
  /** Secrets as a replica knows them that has not heard of the latest change. */
  readonly behind: Map<string, string>;
  readonly tokens: ReturnType<typeof tokensInMemory>;
  /** Moves the clock of the authenticator. */
  advance(ms: number): void;
  send(
    authentication: z.input<typeof siteAuthentication> | undefined,
    request: Partial<EgressRequest> & { url: string },
  ): Promise<EgressOutcome>;
  close(): Promise<void>;
}

export const clockStart = Date.parse('2026-11-20T12:00:00Z');

export function siteFixture(secretValues: Readonly<Record<string, string>> = {}): SiteFixture {
  let nowMs = clockStart;
  const now = (): number => nowMs;
  const egress = createEgress();
  const secrets = new Map(Object.entries(secretValues));
  const tokens = tokensInMemory(now);
  const behind = new Map<string, string>();
  const existing = (id: string, value: string | undefined): string => {
    if (value !== undefined) return value;
    throw new Failure('permanent', 'secret_missing', `the secret "${id}" is not set`);
  };
  const authenticator = createSiteAuthenticator({
    egress,
    now,
    tokens,
    secret: async (_tenant, id) => existing(id, behind.get(id) ?? secrets.get(id)),
    storedSecret: async (_tenant, id) => existing(id, secrets.get(id)),
    storeSecret: async (_tenant, id, value) => void secrets.set(id, value),
  });
  const parsed = (input: z.input<typeof siteAuthentication>): SiteAuthentication => siteAuthentication.parse(input);
  return {
    authenticator,
    secrets,
    behind,
    tokens,
    advance: (ms) => {
      nowMs += ms;
    },
    send: (authentication, request) =>
      authenticator.send(
        { method: 'POST', headers: {}, body: '{}', timeoutMs: 5000, policy: onPremises, ...request },
        {
          tenantId,
          authentication: authentication === undefined ? undefined : parsed(authentication),
          messageId: 'w.c-1.crm.answered',
        },
      ),
    close: () => egress.close(),
  };
}

/** Class and code of a failure, or the status. */
export const verdict = (outcome: EgressOutcome): string =>
  outcome.ok ? String(outcome.status) : `${outcome.failure.class} ${outcome.failure.code}`;
