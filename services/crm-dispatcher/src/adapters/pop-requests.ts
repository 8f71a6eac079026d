import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PopTicket } from '../domain/pop-token.ts';

const popRequest = z.object({
  popId: z.string(),
  agentId: z.string(),
  siteId: z.string(),
  /** How the browser asks us for it: a page by GET, a form or a request by POST. */
  asked: z.enum(['GET', 'POST']),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
});
/** What is sent to the site when a browser comes by a signed address. Holds no credentials. */
export type PopRequest = z.infer<typeof popRequest>;

/** Requests of pops that go through us. Rejects with own trouble. */
export interface PopRequests {
  put(ticket: PopTicket, request: PopRequest, ttlMs: number): Promise<void>;
  get(ticket: PopTicket): Promise<PopRequest | undefined>;
  remove(tickets: readonly PopTicket[]): Promise<void>;
}

export function createPopRequests(redis: Redis): PopRequests {
  const keyOf = ({ tenantId, handle }: PopTicket): string => redisKeys.tenant(tenantId, `pops:request:${handle}`);
  return {
    put: async (ticket, request, ttlMs) =>
      void (await fromRedis(redis.set(keyOf(ticket), JSON.stringify(request), 'PX', Math.max(1, ttlMs)))),
    get: async (ticket) => {
      const text = await fromRedis(redis.get(keyOf(ticket)));
      return text === null ? undefined : popRequest.parse(JSON.parse(text));
    },
    remove: async (tickets) => {
      if (tickets.length > 0) await fromRedis(redis.del(...tickets.map(keyOf)));
    },
  };
}
