import { ApiError, ask, keepWord } from './client.ts';

/** Who is signed in, and what he may do. */
export interface BrowserSession {
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly userId?: string;
  readonly name?: string;
  readonly username?: string;
  readonly role?: 'agent' | 'supervisor' | 'admin';
  readonly agentId?: string;
  /** Of the identity provider that the person signed in by. */
  readonly providerId?: string;
  readonly csrf?: string;
  /** From one use to the end. */
  readonly idleSeconds?: number;
  /** Without use from now on. */
  readonly expiresInSeconds?: number;
  /** However much it is used. */
  readonly endsInSeconds?: number;
  /** When the lengths above were told (ms since 1970). */
  readonly readAt?: number;
}

/** `null`: nobody. Rejects with `ApiError` when there is no answer. */
export async function whoIsSignedIn(): Promise<BrowserSession | null> {
  try {
    const session = await ask<BrowserSession>('/v1/session');
    keepWord(session.csrf);
    return { ...session, readAt: Date.now() };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** What is read by one is not for another. */
export const personKey = ({ tenantId, userId, agentId, scopes }: BrowserSession): string =>
  JSON.stringify([tenantId, userId, agentId, scopes]);
