import type { Bus } from '@patchcord/bus';
import { parseJson, subjects } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import { z } from 'zod';

/** A CRM that is left alone for a while because it asked for it. */
interface CrmHold {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly code: string;
}

/** What this replica knows of holds: its own, and what the others tell. */
export interface CrmHolds extends Part {
  get(tenantId: string, connectionId: string): CrmHold | undefined;
  /** As Redis said it. */
  learn(tenantId: string, connectionId: string, hold: CrmHold): void;
  /** Learns it, and tells the other replicas. */
  tell(tenantId: string, connectionId: string, hold: CrmHold): void;
}

const service = 'crm-dispatcher';
const what = 'crm-held';
const news = z.object({ tenantId: z.string(), connectionId: z.string(), until: z.number(), code: z.string().max(64) });

export function createCrmHolds({ nc }: Pick<Bus, 'nc'>): CrmHolds {
  const holds = new Map<string, CrmHold>();
  let heard: { unsubscribe(): void } | undefined;
  const learn: CrmHolds['learn'] = (tenantId, connectionId, hold) => {
    const key = `${tenantId}/${connectionId}`;
    if ((holds.get(key)?.until ?? 0) < hold.until) holds.set(key, hold);
  };
  return {
    name: 'crm-holds',
    get: (tenantId, connectionId) => {
      const key = `${tenantId}/${connectionId}`;
      const hold = holds.get(key);
      if (hold === undefined || hold.until > Date.now()) return hold;
      holds.delete(key);
      return undefined;
    },
    learn,
    tell: (tenantId, connectionId, hold) => {
      learn(tenantId, connectionId, hold);
      // Whoever does not hear of it asks Redis, or the CRM, which says it again.
      if (!nc.isClosed() && !nc.isDraining())
        nc.publish(subjects.news(tenantId, service, what), JSON.stringify({ tenantId, connectionId, ...hold }));
    },
    start: async () => {
      heard = nc.subscribe(subjects.newsOf(service, what), {
        callback: (error, message) => {
          const told = error === null ? news.safeParse(parseJson(message.string())) : undefined;
          if (told?.success) learn(told.data.tenantId, told.data.connectionId, told.data);
        },
      });
      await nc.flush();
    },
    stop: async () => heard?.unsubscribe(),
  };
}
