import type { TenantConfig } from '@patchcord/contracts';

/**
 * A user's password hash is written and never read back: unlike the hash of an API token, it can be guessed at. So what
 * was read, or exported, holds none; storing it again keeps the one that is there.
 */
export function withoutPassword(kind: string, entity: unknown): unknown {
  if (kind !== 'user' || typeof entity !== 'object' || entity === null || !('passwordHash' in entity)) return entity;
  const { passwordHash: _, ...shown } = entity;
  return shown;
}

/** A user without a password hash, with the one that he has. */
export function withPassword(config: TenantConfig, kind: string, entity: unknown): unknown {
  if (kind !== 'user' || typeof entity !== 'object' || entity === null || 'passwordHash' in entity) return entity;
  const id = 'id' in entity && typeof entity.id === 'string' ? entity.id : '';
  const passwordHash = config.user.get(id)?.passwordHash;
  return passwordHash === undefined ? entity : { ...entity, passwordHash };
}

/** {@link withPassword} for each user of a configuration document. */
export function withPasswords(config: TenantConfig, document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('user' in document)) return document;
  if (!Array.isArray(document.user)) return document;
  return { ...document, user: document.user.map((entity: unknown) => withPassword(config, 'user', entity)) };
}
