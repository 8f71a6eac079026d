import { type Bus, createSharedSubscriptions } from '@patchcord/bus';
import { subjects } from '@patchcord/contracts';
import { z } from 'zod';

interface Subscription {
  close(): void;
}

/**
 * That something new is told, not what: whoever hears it reads again. Each resolves when what is published from then on
 * is heard.
 *
 * @throws Failure own-trouble `nats_unavailable`
 */
export interface TenantNews {
  /** Of a call: of itself, its session, what is sent to CRMs for it, and what is said of it afterwards. */
  ofCall(tenantId: string, callId: string, listener: () => void): Promise<Subscription>;
  ofDeliveries(tenantId: string, listener: () => void): Promise<Subscription>;
}

const about = z.looseObject({ subject: z.string().optional(), correlationid: z.string().optional() });
type About = z.infer<typeof about>;
/** Told under the id of the call, and under other ids with the call beside them. */
const ofTheCall = ['call', 'session', 'delivery'];
const beside = ['disposition', 'memorialization'];

/** Plain subscriptions: nothing is kept on the server, and each subject has one in a process. */
export function createTenantNews(bus: Bus): TenantNews {
  const events = createSharedSubscriptions(bus, (json) => about.safeParse(json).data);
  const subscribe = async (filters: string[], listener: (event: About) => void): Promise<Subscription> => {
    const all = await Promise.allSettled(filters.map((filter) => events.subscribe(filter, listener)));
    const close = (): void => {
      for (const each of all) if (each.status === 'fulfilled') each.value.close();
    };
    const refused = all.find((each) => each.status === 'rejected');
    if (refused === undefined) return { close };
    close();
    throw refused.reason;
  };
  return {
    ofCall: (tenantId, callId, listener) =>
      subscribe(
        [
          ...ofTheCall.map((entity) => subjects.entityEvents(entity, tenantId, callId)),
          ...beside.map((entity) => subjects.entityEvents(entity, tenantId)),
        ],
        ({ subject, correlationid }) => {
          if (subject === callId || correlationid === callId) listener();
        },
      ),
    ofDeliveries: (tenantId, listener) => subscribe([subjects.entityEvents('delivery', tenantId)], () => listener()),
  };
}
