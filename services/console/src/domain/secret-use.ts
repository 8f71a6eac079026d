import { type SecretInfo, secretsOf, type TenantConfig } from '@patchcord/contracts';

export interface SecretUser {
  readonly kind: 'site-authentication' | 'crm-connection' | 'mail-server' | 'identity-provider';
  readonly id: string;
}

/** Which configuration entities need each secret. */
export function secretUsers(config: TenantConfig): ReadonlyMap<string, readonly SecretUser[]> {
  const users = new Map<string, SecretUser[]>();
  for (const { secrets, ...user } of needs(config)) {
    for (const secretId of new Set(secrets)) users.set(secretId, [...(users.get(secretId) ?? []), user]);
  }
  return users;
}

function needs(config: TenantConfig): (SecretUser & { readonly secrets: readonly string[] })[] {
  const named = (...ids: (string | undefined)[]): string[] => ids.filter((id) => id !== undefined);
  return [
    ...[...config['site-authentication'].values()].map((one) => ({
      kind: 'site-authentication' as const,
      id: one.id,
      secrets: secretsOf(one),
    })),
    ...[...config['crm-connection'].values()].map(({ id, password, clientSecret }) => ({
      kind: 'crm-connection' as const,
      id,
      secrets: named(password, clientSecret),
    })),
    ...[...config['mail-server'].values()].map(({ id, password }) => ({
      kind: 'mail-server' as const,
      id,
      secrets: named(password),
    })),
    ...[...config['identity-provider'].values()].map(({ id, clientSecret }) => ({
      kind: 'identity-provider' as const,
      id,
      secrets: named(clientSecret),
    })),
  ];
}

export interface SecretReport {
  readonly secrets: readonly (SecretInfo & { readonly usedBy: readonly SecretUser[] })[];
  /** Needed, and not set. */
  readonly missing: readonly { readonly id: string; readonly usedBy: readonly SecretUser[] }[];
}

/** Stored secrets with what needs them, and what is needed and not there. */
export function secretReport(config: TenantConfig, stored: readonly SecretInfo[]): SecretReport {
  const users = secretUsers(config);
  const known = new Set(stored.map(({ id }) => id));
  return {
    secrets: stored.map((secret) => ({ ...secret, usedBy: users.get(secret.id) ?? [] })),
    missing: [...users].filter(([id]) => !known.has(id)).map(([id, usedBy]) => ({ id, usedBy })),
  };
}
