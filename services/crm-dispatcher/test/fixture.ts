import {
  type Bus,
  type ConfigStore,
  callRpc,
  connectBus,
  createDeadLetters,
  createPublisher,
  type DeadLetters,
  ensureTopology,
  openConfig,
  type Publisher,
} from '@patchcord/bus';
import {
  type campaign,
  type Delivery,
  type externalSite,
  rpc,
  type ScreenPop,
  type ScreenPopNews,
  type SessionChanged,
  screenPopNews,
  subjects,
} from '@patchcord/contracts';
import { connectRedis, createLogger, type Service, settings } from '@patchcord/runtime';
import { eventually, type FakeCrm, type ServerProcess, startFakeCrm, startNats, startRedis } from '@patchcord/testkit';
import type { z } from 'zod';
import { settingsSchema } from '../src/config.ts';
import type { DispositionEvent } from '../src/domain/firings.ts';
import { createCrmDispatcher } from '../src/service.ts';
import { tenantId } from './call.ts';

export const log = createLogger({ service: 'test', level: process.env.TEST_LOG ?? 'silent' });

/** What a fake CRM on this machine needs to be reached. */
export const onThisMachine = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };

export interface Servers {
  readonly nats: ServerProcess;
  readonly redis: ServerProcess;
}

export const environment = (servers: Servers): Record<string, string> => ({
  NATS_URL: servers.nats.url,
  REDIS_URL: servers.redis.url,
  HTTP_PORT: '0',
  LOG_LEVEL: 'silent',
  DISPATCH_RETRY_DELAYS_MS: '0,50,100,150',
  DISPATCH_REMOVED_GRACE_MS: '300',
  BREAKER_FAILURES: '1000',
  EGRESS_ALLOWED_CIDRS: onThisMachine.allowCidrs.join(','),
});

type SiteInput = z.input<typeof externalSite>;
type CampaignInput = z.input<typeof campaign>;

export interface Fixture {
  readonly servers: Servers;
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly publisher: Publisher;
  readonly deadLetters: DeadLetters;
  readonly crm: FakeCrm;
  startReplica(env?: Record<string, string>): Promise<Service>;
  /**
   * A site of the fake CRM at `/hooks/<id>`, and a campaign of its own queue `<id>` that tells it of answered calls.
   * Resolves when all replicas know of it.
   */
  addSite(id: string, more?: Partial<SiteInput>, campaign?: Partial<CampaignInput>): Promise<void>;
  publish(...events: (SessionChanged | DispositionEvent)[]): Promise<void>;
  /** What is pushed to this agent's browsers from now on. */
  watch(agentId: string): Promise<readonly ScreenPopNews[]>;
  /** What an agent's browser reads when it connects again. */
  openPops(agentId: string): Promise<ScreenPop[]>;
  delivery(workId: string): Promise<Delivery | undefined>;
  until(workId: string, state: Delivery['state']): Promise<Delivery>;
  /** How often the CRM saw this work. */
  seen(workId: string): number;
  stop(): Promise<void>;
}

interface Replica {
  readonly config: ConfigStore;
  readonly stop: () => Promise<void>;
}

/** NATS, Redis, a CRM, and as many dispatchers as a test starts. */
export async function startFixture(): Promise<Fixture> {
  const [nats, redis, crm] = await Promise.all([startNats(), startRedis({ appendOnly: true }), startFakeCrm()]);
  const servers = { nats, redis };
  const bus = await connectBus({ url: servers.nats.url, name: 'test' });
  await ensureTopology(bus);
  const config = await openConfig(bus);
  const publisher = createPublisher(bus);
  const replicas = new Set<Replica>();
  const delivery = async (workId: string): Promise<Delivery | undefined> => {
    const { deliveries } = await callRpc(bus, rpc.listDeliveries, { tenantId, limit: 500 }, { timeoutMs: 3000 });
    return deliveries.find((row) => row.workId === workId);
  };
  return {
    servers,
    bus,
    config,
    publisher,
    deadLetters: createDeadLetters(bus),
    crm,
    startReplica: (env = {}) => startReplica(servers, env, replicas),
    watch: (agentId) => watch(bus, agentId),
    openPops: async (agentId) => {
      const reply = await callRpc(bus, rpc.screenPops, { tenantId, agentId }, { timeoutMs: 3000 });
      return reply.pops;
    },
    addSite: async (id, more = {}, campaign = {}) => {
      await addSite(config, { id, url: `${crm.url}/hooks/${id}`, ...more }, campaign);
      await eventually(() => [...replicas].every((replica) => replica.config.tenant(tenantId).campaign.has(id)));
    },
    publish: async (...events) => void (await publisher.publishAll(events)),
    delivery,
    until: (workId, state) =>
      eventually(
        async () => {
          const row = await delivery(workId);
          return row?.state === state ? row : undefined;
        },
        { what: `delivery ${workId} ${state}` },
      ),
    seen: (workId) => crm.idempotencyKeys().get(workId) ?? 0,
    stop: async () => {
      for (const replica of replicas) await replica.stop();
      await config.close();
      await bus.close();
      await Promise.all([crm.close(), nats.stop(), redis.stop()]);
    },
  };
}

async function addSite(
  config: ConfigStore,
  more: Partial<SiteInput> & Pick<SiteInput, 'id' | 'url'>,
  campaign: Partial<CampaignInput>,
): Promise<void> {
  const { id } = more;
  const sent = more.method === 'GET' ? {} : ({ method: 'POST', format: 'json' } as const);
  await config.put(tenantId, 'external-site', { name: id, egress: onThisMachine, ...sent, ...more });
  await config.put(tenantId, 'campaign', { id, name: id, match: { queues: [id] }, sites: [id], ...campaign });
}

async function watch(bus: Bus, agentId: string): Promise<readonly ScreenPopNews[]> {
  const seen: ScreenPopNews[] = [];
  bus.nc.subscribe(subjects.uiOf(tenantId, agentId), {
    callback: (_error, message) => void seen.push(screenPopNews.parse(message.json())),
  });
  await bus.nc.flush();
  return seen;
}

async function startReplica(servers: Servers, env: Record<string, string>, replicas: Set<Replica>): Promise<Service> {
  const values = settings(settingsSchema, { ...environment(servers), ...env });
  const bus = await connectBus({ url: servers.nats.url, name: 'crm-dispatcher' });
  const config = await openConfig(bus);
  const redis = await connectRedis({ url: servers.redis.url, name: 'crm-dispatcher', log });
  const service = createCrmDispatcher({ settings: values, bus, config, redis, redisUrl: servers.redis.url, log });
  await service.start();
  const stop = async (): Promise<void> => {
    replicas.delete(replica);
    await service.stop();
    redis.disconnect();
    await config.close();
    await bus.close();
  };
  const replica: Replica = { config, stop };
  replicas.add(replica);
  return { ...service, stop, url: service.url };
}
