import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import type { SessionClaim } from '../domain/session-cookie.ts';

type Ended = Pick<SessionClaim, 'sessionId' | 'endsAt'>;

/** Sessions that were signed out of before their end: a copy of their cookie is worth nothing. */
export interface EndedSessions {
  end(session: Ended): Promise<void>;
  has(session: Ended): Promise<boolean>;
}

export function createEndedSessions(redis: Redis): EndedSessions {
  const keyOf = ({ sessionId }: Ended): string => redisKeys.logIn(`ended:${sessionId}`);
  return {
    end: async (session) => {
      await fromRedis(redis.set(keyOf(session), '1', 'PXAT', Math.ceil(session.endsAt)));
    },
    has: async (session) => (await fromRedis(redis.exists(keyOf(session)))) === 1,
  };
}
