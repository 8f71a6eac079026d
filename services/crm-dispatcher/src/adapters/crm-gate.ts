import { randomUUID } from 'node:crypto';
import { type CrmConnection, redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { limitsOf } from '../domain/crm-limits.ts';
import { enterScript, holdScript } from './crm-gate-script.ts';
import { redisScript } from './redis-script.ts';

/** A caller waits on the line; `started`: a piece of work of which a request went out already. */
export type CrmRank = 'caller' | 'started' | 'new';

export interface CrmEntry {
  readonly rank: CrmRank;
  /** How long its request takes at most: then its place is free again, whoever held it (ms). */
  readonly leaseMs: number;
  /** How far in the future a caller's turn may be (ms). */
  readonly patienceMs: number;
}

type CrmTurn =
  /** After `waitMs`. `leave` gives the place back and never throws. */
  | { readonly granted: true; readonly waitMs: number; readonly used: number; readonly leave: () => void }
  | {
      readonly granted: false;
      readonly waitMs: number;
      readonly why: 'rate' | 'quota' | 'held' | 'places';
      readonly used: number;
      /** For how long it is held (ms), if it is. */
      readonly heldMs: number;
    };

/**
 * What the limits of CRM connections leave to each request, over all replicas: one script, one round trip. Methods
 * reject with what Redis rejects with.
 */
export interface CrmGate {
  enter(tenantId: string, connection: CrmConnection, entry: CrmEntry): Promise<CrmTurn>;
  /** The CRM itself asked to wait. */
  hold(tenantId: string, connectionId: string, until: Date, code: string): Promise<void>;
}

/** Names of what the gate keeps. */
export const crmGateKeys = (tenantId: string, connectionId: string) => ({
  state: redisKeys.entity(tenantId, 'crm-gate', connectionId),
  rate: redisKeys.entity(tenantId, 'crm-rate', connectionId),
  places: redisKeys.entity(tenantId, 'crm-places', connectionId),
});

const reply = z.tuple([
  z.number(),
  z.number(),
  z.enum(['rate', 'quota', 'held', 'places', '']),
  z.number(),
  z.number(),
]);

export function createCrmGate(redis: Redis): CrmGate {
  const enter = redisScript(redis, enterScript);
  const hold = redisScript(redis, holdScript);
  return {
    enter: async (tenantId, connection, { rank, leaseMs, patienceMs }) => {
      const { state, rate, places } = crmGateKeys(tenantId, connection.id);
      const limits = limitsOf(connection);
      const id = randomUUID();
      const answer = await enter(
        [state, rate, places],
        [rank, id, Math.ceil(leaseMs), Math.floor(patienceMs), ...argumentsOf(limits)],
      );
      const [granted, waitMs, why, used, heldMs] = reply.parse(answer);
      if (granted === 0 && why !== '') return { granted: false, waitMs, why, used, heldMs };
      // Not given back, it ends by itself.
      const leave = (): void => void redis.zrem(places, id).catch(() => undefined);
      return { granted: true, waitMs, used, leave };
    },
    hold: async (tenantId, connectionId, until, code) => {
      // For how long: our clock need not be that of Redis.
      const forMs = until.getTime() - Date.now();
      if (forMs > 0) await hold([crmGateKeys(tenantId, connectionId).state], [Math.ceil(forMs), code]);
    },
  };
}

const argumentsOf = ({ rate, quota, places }: ReturnType<typeof limitsOf>): number[] => [
  rate.max,
  rate.windowMs,
  rate.reserve,
  quota.max,
  quota.periodMs,
  quota.reserve,
  places.max,
  places.reserve,
];
