import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '@patchcord/contracts';
import type { FetchedToken } from './token-answer.ts';

type TenantSecret<T> = (tenantId: string, id: string) => Promise<T>;

export interface RefreshTokensOptions {
  readonly storedSecret: TenantSecret<string>;
  readonly storeSecret: (tenantId: string, id: string, value: string) => Promise<void>;
}

/** Refresh tokens that change with each use. */
export interface RefreshTokens {
  /**
   * Runs with the refresh token, and keeps the one that is given for it before anything else happens: the old one is
   * worth nothing from then on. Throws what keeping it threw, and `Failure` own-trouble `refresh_token_replaced` when
   * somebody set another meanwhile: that one stays, and what the old one gave is not used.
   */
  use(tenantId: string, id: string, fetch: (refreshToken: string) => Promise<FetchedToken>): Promise<FetchedToken>;
}

/** How often and how far apart (ms) a new refresh token is tried to be kept. */
const keepDelaysMs = [0, 100, 400, 1500];

export function createRefreshTokens({ storedSecret, storeSecret }: RefreshTokensOptions): RefreshTokens {
  /** Given by a server but not kept yet, because keeping failed; by what they came for. */
  const unkept = new Map<string, { readonly replaces: string; readonly value: string }>();

  const keep = async (tenantId: string, id: string, value: string): Promise<void> => {
    for (const [at, delayMs] of keepDelaysMs.entries()) {
      await pause(delayMs);
      try {
        return await storeSecret(tenantId, id, value);
      } catch (error) {
        if (at === keepDelaysMs.length - 1) throw error;
      }
    }
  };
  return {
    use: async (tenantId, id, fetch) => {
      const place = JSON.stringify([tenantId, id]);
      const kept = await storedSecret(tenantId, id);
      const waiting = unkept.get(place);
      const current = waiting?.replaces === kept ? waiting.value : kept;
      const fetched = await fetch(current);
      const next = fetched.refreshToken ?? current;
      if (next !== kept) unkept.set(place, { replaces: kept, value: next });
      if ((await storedSecret(tenantId, id)) !== kept) {
        unkept.delete(place);
        throw replaced(id);
      }
      if (next === kept) return fetched;
      await keep(tenantId, id, next);
      unkept.delete(place);
      return fetched;
    },
  };
}

const replaced = (id: string): Failure =>
  new Failure('own-trouble', 'refresh_token_replaced', `the refresh token "${id}" was set anew while it was used`);
