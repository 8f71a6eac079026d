import { randomBytes } from 'node:crypto';
import { type ConfigStore, InvalidInput } from '@patchcord/bus';
import { type ApiToken, apiToken, type Scope } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { actorOf } from '../domain/actor.ts';
import { getEntity } from './put-entity.ts';

interface By {
  readonly tenantId: string;
  /** The token that asks. */
  readonly tokenId: string;
}

export interface NewToken extends By {
  readonly id?: string | undefined;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string | undefined;
  readonly agentId?: string | undefined;
}

/** A token with its text, which is stored nowhere. */
export interface ShownToken {
  readonly token: string;
  readonly entity: ApiToken;
}

/** Makes an API token. @throws InvalidInput; Failure permanent `revision_conflict` when the id is taken */
export async function createToken(config: ConfigStore, command: NewToken, now: number): Promise<ShownToken> {
  const { tenantId, tokenId, name, scopes, expiresAt, agentId } = command;
  demandFuture(expiresAt, now);
  const { token, sha256 } = mintToken(tenantId);
  const entity = {
    id: command.id ?? `t-${randomBytes(6).toString('hex')}`,
    name,
    sha256,
    scopes: [...scopes],
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(agentId === undefined ? {} : { agentId }),
  };
  await config.put(tenantId, 'api-token', entity, { actor: actorOf(tokenId), ifAbsent: true });
  return { token, entity };
}

export interface RotateToken extends By {
  readonly id: string;
  /** So long the token before stays valid (s). */
  readonly graceSeconds: number;
  /** A new end of its life; default: the one it has. */
  readonly expiresAt?: string | undefined;
}

/**
 * Gives a token a new text; the one before is valid for a while. Only one before: a token that is rotated twice at once
 * ends the first.
 *
 * @throws InvalidInput; Failure permanent `not_found` | `revision_conflict` when it is changed meanwhile
 */
export async function rotateToken(config: ConfigStore, command: RotateToken, now: number): Promise<ShownToken> {
  const { tenantId, tokenId, id, graceSeconds, expiresAt } = command;
  demandFuture(expiresAt, now);
  const { entity: stored, revision } = await getEntity(config, { tenantId, kind: 'api-token', id });
  const { previous: _, ...before } = apiToken.parse(stored);
  const { token, sha256 } = mintToken(tenantId);
  const validUntil = new Date(now + graceSeconds * 1000).toISOString();
  const entity = {
    ...before,
    sha256,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(graceSeconds === 0 ? {} : { previous: { sha256: before.sha256, validUntil } }),
  };
  await config.put(tenantId, 'api-token', entity, { actor: actorOf(tokenId), ifRevision: revision });
  return { token, entity };
}

function demandFuture(expiresAt: string | undefined, now: number): void {
  if (expiresAt === undefined || Date.parse(expiresAt) > now) return;
  const message = 'expected a time that is still to come';
  throw new InvalidInput('invalid_request', `expiresAt: ${message}`, [{ path: 'expiresAt', message }]);
}
