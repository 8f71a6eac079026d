import { randomBytes } from 'node:crypto';
import { ConfigRejected, type ConfigStore } from '@patchcord/bus';
import { type IdentityProvider, isFailure, type User, user as userSchema } from '@patchcord/contracts';
import { personOf } from '../domain/person.ts';
import { type ProviderPerson, type ReadPerson, readPerson } from '../domain/provider-person.ts';

export interface LetInCommand {
  readonly tenantId: string;
  readonly providerId: string;
  /** As the provider says them, checked to be from it. */
  readonly claims: Readonly<Record<string, unknown>> & { readonly sub: string };
}

type LetInProblem =
  | Extract<ReadPerson, { ok: false }>['problem']
  | 'provider_gone'
  | 'person_unknown'
  | 'person_disabled'
  | 'username_taken'
  | 'person_refused';

export type LetInOutcome =
  | { readonly outcome: 'granted'; readonly user: User }
  | { readonly outcome: 'refused'; readonly problem: LetInProblem };

/** Lets in whom an identity provider vouches for: the user who is that person, found, linked or made. */
export function createLetIn(config: ConfigStore): (command: LetInCommand) => Promise<LetInOutcome> {
  const attempt = async ({ tenantId, providerId, claims }: LetInCommand): Promise<LetInOutcome> => {
    const provider = config.tenant(tenantId)['identity-provider'].get(providerId);
    if (provider === undefined || provider.disabled) return refused('provider_gone');
    const read = readPerson(provider, claims);
    if (!read.ok) return refused(read.problem);
    const found = findUser([...config.tenant(tenantId).user.values()], provider, read.person);
    if (typeof found === 'string') return refused(found);
    const after = changed(found, provider, read.person);
    if (!userSchema.safeParse(after).success) return refused('person_refused');
    if (after.disabled) return refused('person_disabled');
    if (JSON.stringify(after) !== JSON.stringify(found)) await store(config, { tenantId, before: found, after });
    return personOf(tenantId, after) === undefined ? refused('person_refused') : { outcome: 'granted', user: after };
  };
  return async (command) => {
    try {
      return await attempt(command);
    } catch (error) {
      // Somebody signed in or changed him at the same moment: once more, by what is stored now.
      if (isFailure(error) && ['revision_conflict', 'already_exists'].includes(error.code)) return attempt(command);
      // An agent who does not exist, for one.
      if (error instanceof ConfigRejected) return refused('person_refused');
      throw error;
    }
  };
}

const refused = (problem: LetInProblem): LetInOutcome => ({ outcome: 'refused', problem });

function findUser(
  users: readonly User[],
  provider: IdentityProvider,
  { subject, username }: ProviderPerson,
): User | LetInProblem | undefined {
  const known = users.find(({ identity }) => identity?.provider === provider.id && identity.subject === subject);
  if (known !== undefined) return known;
  const named = users.find((user) => user.username.toLowerCase() === username.toLowerCase());
  // The name has gone over to another person there: he is not the one whose it was.
  if (named?.identity !== undefined) return 'username_taken';
  return named ?? (provider.createUsers ? undefined : 'person_unknown');
}

function changed(found: User | undefined, provider: IdentityProvider, person: ProviderPerson): User {
  const { subject, username, name, role, agentId } = person;
  const before: User = found ?? {
    id: `u-${randomBytes(9).toString('base64url')}`,
    name,
    username,
    role: provider.defaultRole,
    disabled: false,
  };
  return {
    ...before,
    identity: { provider: provider.id, subject },
    ...(role === undefined ? {} : { role }),
    ...(agentId === undefined ? {} : { agentId }),
  };
}

interface Change {
  readonly tenantId: string;
  readonly before: User | undefined;
  readonly after: User;
}

async function store(config: ConfigStore, { tenantId, before, after }: Change): Promise<void> {
  const actor = `provider:${after.identity?.provider}`;
  if (before === undefined) return void (await config.put(tenantId, 'user', after, { actor, ifAbsent: true }));
  const stored = await config.get(tenantId, 'user', before.id);
  await config.put(tenantId, 'user', after, {
    actor,
    ...(stored === undefined ? {} : { ifRevision: stored.revision }),
  });
}
