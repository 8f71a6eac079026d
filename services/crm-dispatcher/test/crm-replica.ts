import { type Bus, connectBus } from '@patchcord/bus';
import { type CrmConnection, crmConnection, type TenantConfig } from '@patchcord/contracts';
import { createEgress, createSiteAuthenticator } from '@patchcord/egress';
import { connectRedis, createMetrics } from '@patchcord/runtime';
import { createCrmConnections } from '../src/adapters/crm-connections.ts';
import { createCrmGate } from '../src/adapters/crm-gate.ts';
import { createCrmHealthNotes } from '../src/adapters/crm-health-notes.ts';
import { createReadCrmFindings, type ReadCrmFindings } from '../src/adapters/crm-health-reader.ts';
import { createCrmHolds } from '../src/adapters/crm-holds.ts';
import { createCrmMetrics } from '../src/adapters/crm-metrics.ts';
import { type CrmWho, createCrmPassages } from '../src/adapters/crm-passages.ts';
import { tenantId } from './call.ts';
import { log, onThisMachine } from './fixture.ts';

export type Asking = { readonly who: CrmWho; readonly timeoutMs?: number };

/** What a replica sends to CRMs with, without its queues. */
export interface CrmReplica {
  /** One request. Its outcome: `done`, or the code of the failure. */
  ask(connection: CrmConnection, asking: Asking): Promise<string>;
  findings: ReadCrmFindings;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** A connection whose test is one request to this address. */
export const oneRequest = (id: string, baseUrl: string, more: object = {}): CrmConnection =>
  crmConnection.parse({
    id,
    name: id,
    connector: 'proprietary',
    baseUrl,
    described: { requests: { test: {} } },
    egress: onThisMachine,
    ...more,
  });

const nothing = new Map<string, never>();
const noConfig = new Proxy({}, { get: () => nothing }) as TenantConfig;
const none = (): Promise<never> => Promise.reject(new Error('there is none'));

export async function startCrmReplica(redisUrl: string, natsUrl: string): Promise<CrmReplica> {
  const redis = await connectRedis({ url: redisUrl, name: 'replica', log });
  const bus: Bus = await connectBus({ url: natsUrl, name: 'replica' });
  const egress = createEgress({ userAgent: 'Patchcord', allowedCidrs: ['127.0.0.0/8'] });
  const tokens = { get: none, put: none, remove: none, lock: none };
  const authenticator = createSiteAuthenticator({ egress, secret: none, storeSecret: none, tokens });
  const holds = createCrmHolds(bus);
  await holds.start?.();
  const health = createCrmHealthNotes(redis);
  const metrics = createCrmMetrics(createMetrics('test'), () => true);
  const isRedisThere = (): boolean => redis.status === 'ready';
  const passages = createCrmPassages({ gate: createCrmGate(redis), holds, health, metrics, isRedisThere });
  const config = { tenant: () => noConfig };
  const sessions = { token: none };
  const connect = createCrmConnections({ config, authenticator, secret: none, sessions, redis, passages });
  return {
    ask: async (connection, { who, timeoutMs = 2000 }) => {
      const crm = connect({ tenantId, connection, timeoutMs, messageId: 'm', who });
      const result = 'code' in crm ? crm : await crm.test();
      if ('code' in result) return result.code;
      return result.outcome === 'failed' ? result.failure.code : result.outcome;
    },
    findings: createReadCrmFindings(redis),
    flush: () => health.flush(),
    stop: async () => {
      await metrics.stop?.();
      redis.disconnect();
      await bus.close();
      await egress.close();
    },
  };
}
