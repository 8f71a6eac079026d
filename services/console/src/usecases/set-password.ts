import type { ConfigStore } from '@patchcord/bus';
import { Failure, type User, user } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import type { GuessLimit } from '../adapters/guess-limit.ts';
import { hashPassword, verifyPassword } from '../adapters/password-hash.ts';
import { actorOf } from '../domain/actor.ts';
import { whoOf } from './log-in.ts';
import { getEntity } from './put-entity.ts';

export interface SetPassword {
  /** Who asks. */
  readonly by: Identity;
  readonly userId: string;
  readonly password: string;
  /** Needed of whoever is not an administrator. */
  readonly oldPassword?: string | undefined;
}

export interface SetPasswordDependencies {
  readonly config: ConfigStore;
  readonly limit: GuessLimit;
}

/**
 * Sets a person's password; every access token of his ends. An administrator may do so for anybody, others for
 * themselves with the old one.
 *
 * @throws Failure permanent `forbidden` | `not_found` | `revision_conflict`; throttled `too_many_tries`
 */
export async function setPassword(
  { config, limit }: SetPasswordDependencies,
  { by, userId, password, oldPassword }: SetPassword,
): Promise<void> {
  const isAdmin = by.scopes.includes('admin');
  if (!isAdmin && by.userId !== userId) {
    throw new Failure('permanent', 'forbidden', 'only an administrator sets the password of somebody else');
  }
  const { entity, revision } = await getEntity(config, { tenantId: by.tenantId, kind: 'user', id: userId });
  const before = user.parse(entity);
  if (!isAdmin) await demandOld(limit, { tenantId: by.tenantId, before, oldPassword });
  const changed = { ...before, passwordHash: await hashPassword(password) };
  await config.put(by.tenantId, 'user', changed, { actor: actorOf(by.tokenId), ifRevision: revision });
}

interface OldPassword {
  readonly tenantId: string;
  readonly before: User;
  readonly oldPassword: string | undefined;
}

/** A stolen access token is no way to guess at the password either. */
async function demandOld(limit: GuessLimit, { tenantId, before, oldPassword }: OldPassword): Promise<void> {
  if (oldPassword === undefined) throw new Failure('permanent', 'forbidden', 'the old password is needed: oldPassword');
  const guess = { who: whoOf(tenantId, before) };
  const taken = await limit.take(guess);
  if (!taken.ok) {
    throw new Failure('throttled', 'too_many_tries', 'too many wrong passwords: wait', { retryAt: taken.retryAt });
  }
  if (!(await verifyPassword(oldPassword, before.passwordHash))) {
    throw new Failure('permanent', 'forbidden', 'the old password is not right');
  }
  await limit.right(guess);
}
