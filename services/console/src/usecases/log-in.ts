import type { ConfigStore } from '@patchcord/bus';
import type { User } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import type { AccessTokens } from '../adapters/access-tokens.ts';
import type { GuessLimit } from '../adapters/guess-limit.ts';
import { verifyPassword } from '../adapters/password-hash.ts';
import { personOf } from '../domain/person.ts';

interface LogInCommand {
  /** Needed only where the username exists at several tenants. */
  readonly tenantId?: string | undefined;
  /** In any case of letters. */
  readonly username: string;
  readonly password: string;
  /** Where it comes from, for the limit on guessing. */
  readonly address: string;
}

/** `refused` is one and the same for a wrong password, an unknown or ambiguous name, and a person who is disabled. */
export type LogInOutcome =
  | {
      readonly outcome: 'granted';
      /** A bearer token for the console's API. */
      readonly accessToken: string;
      readonly expiresInSeconds: number;
      readonly identity: Identity;
      readonly user: User;
    }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'limited'; readonly retryAt: Date };

export type LogIn = (command: LogInCommand) => Promise<LogInOutcome>;

export interface LogInDependencies {
  readonly config: Pick<ConfigStore, 'snapshot' | 'tenant'>;
  readonly tokens: AccessTokens;
  readonly limit: GuessLimit;
}

/** Lets a person in by username and password. @throws Failure own-trouble `redis_unavailable` */
export function createLogIn({ config, tokens, limit }: LogInDependencies): LogIn {
  return async ({ tenantId, username, password, address }) => {
    const found = findUser(config, username, tenantId);
    const guess = {
      who: found === undefined ? nobody(username, tenantId) : whoOf(found.tenantId, found.user),
      address,
    };
    const taken = await limit.take(guess);
    if (!taken.ok) return { outcome: 'limited', retryAt: taken.retryAt };
    const right = await verifyPassword(password, found?.user.passwordHash);
    const identity = found === undefined ? undefined : personOf(found.tenantId, found.user);
    if (!right || found === undefined || identity === undefined) return { outcome: 'refused' };
    await limit.right(guess);
    const accessToken = await tokens.issue(found.tenantId, found.user);
    return { outcome: 'granted', accessToken, expiresInSeconds: tokens.lifetimeSeconds, identity, user: found.user };
  };
}

/** One person's name in the counting of guesses. */
export const whoOf = (tenantId: string, { id }: Pick<User, 'id'>): string => `user ${tenantId} ${id}`;

const nobody = (username: string, tenantId = ''): string => `name ${tenantId} ${username.toLowerCase()}`;

interface FoundUser {
  readonly tenantId: string;
  readonly user: User;
}

/** The one person of this name; undefined when there is none, or more than one tenant has one. */
function findUser(
  config: LogInDependencies['config'],
  username: string,
  tenantId: string | undefined,
): FoundUser | undefined {
  const tenants = tenantId === undefined ? [...config.snapshot().keys()] : [tenantId];
  const wanted = username.toLowerCase();
  const found = tenants.flatMap((tenant) =>
    [...config.tenant(tenant).user.values()]
      .filter((user) => user.username.toLowerCase() === wanted)
      .map((user) => ({ tenantId: tenant, user })),
  );
  return found.length === 1 ? found[0] : undefined;
}
