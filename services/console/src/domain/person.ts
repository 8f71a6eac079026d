import type { Role, Scope, User } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';

const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  agent: ['calls:control', 'dispositions:read', 'dispositions:write', 'contacts:read', 'sessions:read'],
  supervisor: [
    'calls:control',
    'dispositions:read',
    'dispositions:write',
    'contacts:read',
    'contacts:write',
    'sessions:read',
    'recordings:read',
  ],
  admin: ['admin'],
};

/**
 * What a person may do, by what is configured now. Undefined when he may not be let in: disabled, or an agent of whom
 * nobody says which one, who would otherwise act for all.
 */
export function personOf(tenantId: string, { id, role, agentId, disabled }: User): Identity | undefined {
  if (disabled || (role === 'agent' && agentId === undefined)) return undefined;
  const bound = role === 'agent' && agentId !== undefined ? { agentId } : {};
  return { tenantId, tokenId: `user:${id}`, userId: id, scopes: scopesOfRole[role], ...bound };
}
