import type { IdentityProvider, Role } from '@patchcord/contracts';

/** A person as an identity provider tells of him. */
export interface ProviderPerson {
  readonly subject: string;
  readonly username: string;
  readonly name: string;
  /** Undefined where the provider has no say in it. */
  readonly role?: Role;
  readonly agentId?: string;
}

export type ReadPerson =
  | { readonly ok: true; readonly person: ProviderPerson }
  | { readonly ok: false; readonly problem: 'username_missing' | 'mail_refused' | 'role_missing' };

type Claims = Readonly<Record<string, unknown>>;

/** Who somebody is by his claims, if people like him may be let in at all. */
export function readPerson(provider: IdentityProvider, claims: Claims & { readonly sub: string }): ReadPerson {
  const username = textAt(claims, provider.usernameClaim);
  if (username === undefined) return { ok: false, problem: 'username_missing' };
  if (!hasMail(provider, claims)) return { ok: false, problem: 'mail_refused' };
  const role = roleOf(provider, claims);
  if (provider.roleClaim !== undefined && role === undefined) return { ok: false, problem: 'role_missing' };
  const agentId = provider.agentIdClaim === undefined ? undefined : textAt(claims, provider.agentIdClaim);
  const person = {
    subject: claims.sub,
    username,
    name: (textAt(claims, 'name') ?? username).slice(0, 128),
    ...(role === undefined ? {} : { role }),
    ...(agentId === undefined ? {} : { agentId }),
  };
  return { ok: true, person };
}

function hasMail({ mailDomains, requireVerifiedMail, usernameClaim }: IdentityProvider, claims: Claims): boolean {
  if (mailDomains.length === 0 && usernameClaim !== 'email') return true;
  if (requireVerifiedMail && claims.email_verified !== true) return false;
  // The last part: `"a@evil.example"@example.com` is of example.com.
  const domain = textAt(claims, 'email')?.split('@').at(-1)?.toLowerCase() ?? '';
  return mailDomains.length === 0 || mailDomains.includes(domain);
}

function roleOf({ roleClaim, roles }: IdentityProvider, claims: Claims): Role | undefined {
  if (roleClaim === undefined) return undefined;
  const values = [valueAt(claims, roleClaim)].flat();
  return roles.find(({ value }) => values.includes(value))?.role;
}

function textAt(claims: Claims, path: string): string | undefined {
  const value = valueAt(claims, path);
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= 128 ? text : undefined;
}

/** A name with dots in it, as some providers have addresses for names, goes before a path. */
function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Claims)[key] : undefined),
      claims,
    );
}
