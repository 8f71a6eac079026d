import { type SecretInfo, secretsOf, type TenantConfig } from '@patchcord/contracts';

export interface SecretUser {
  readonly kind: 'site-authentication';
  readonly id: string;
}

/** Which configuration entities need each secret. */
export function secretUsers(config: TenantConfig): ReadonlyMap<string, readonly SecretUser[]> {
  const users = new Map<string, SecretUser[]>();
  for (const authentication of config['site-authentication'].values()) {
    for (const secretId of new Set(secretsOf(authentication))) {
      users.set(secretId, [...(users.get(secretId) ?? []), { kind: 'site-authentication', id: authentication.id }]);
    }
  }
  return users;
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
