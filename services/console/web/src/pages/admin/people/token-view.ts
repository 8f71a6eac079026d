import type { Scope } from '@patchcord/contracts';

/** A token as it may be shown: everything but its text. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly agentId?: string;
  readonly expiresAt?: string;
  readonly previousValidUntil?: string;
  readonly lastUsedAt?: string;
}

export const tokensKey = ['tokens'];
