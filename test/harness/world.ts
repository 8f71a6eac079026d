import { type Bus, type ConfigStore, connectBus, ensureTopology, openConfig } from '@patchcord/bus';
import { mintToken } from '@patchcord/runtime';
import { type FakeCrm, type ServerProcess, startFakeCrm, startNats, startRedis } from '@patchcord/testkit';
import { type ServiceName, type ServiceProcess, startServiceProcess } from './service-process.ts';

/** Everything that a call goes through, as processes of their own, with a CRM and one configured tenant. */
export interface World {
  readonly nats: ServerProcess;
  readonly redis: ServerProcess;
  readonly crm: FakeCrm;
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly token: string;
  readonly services: readonly ServiceProcess[];
  service(name: ServiceName): ServiceProcess;
  stop(): Promise<void>;
}

export const worldTenant = 'acme';

export interface WorldOptions {
  /** A name twice is two replicas. */
  readonly services: readonly ServiceName[];
  readonly env?: Record<string, string>;
  readonly acwTimeoutMs?: number;
  /** How Redis writes to disk; default: each command before it is answered. */
  readonly appendOnly?: true | 'everysec';
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const [nats, redis, crm] = await Promise.all([
    startNats(),
    startRedis({ appendOnly: options.appendOnly ?? true }),
    startFakeCrm(),
  ]);
  const bus = await connectBus({ url: nats.url, name: 'world' });
  await ensureTopology(bus);
  const config = await openConfig(bus);
  const { token, sha256 } = mintToken(worldTenant);
  await config.applyAll(worldTenant, configuration(crm.url, sha256, options.acwTimeoutMs ?? 0));
  const env = {
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'info',
    AFTER_CALL_SETTLE_MS: '200',
    EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
    ...options.env,
  };
  const services = await Promise.all(options.services.map((name) => startServiceProcess(name, env)));
  return {
    nats,
    redis,
    crm,
    bus,
    config,
    token,
    services,
    service: (name) => {
      const found = services.find((candidate) => candidate.name === name);
      if (found === undefined) throw new TypeError(`${name} is not in this world`);
      return found;
    },
    stop: async () => {
      await Promise.all(services.map((service) => service.kill()));
      await config.close();
      await bus.close();
      await Promise.all([nats.stop(), redis.stop(), crm.close()]);
    },
  };
}

type Entities = Parameters<ConfigStore['applyAll']>[1];

export function configuration(crmUrl: string, sha256: string, timeoutMs: number): Entities {
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  return [
    { kind: 'api-token', entity: { id: 'world', name: 'World', sha256, scopes: ['admin'] } },
    {
      kind: 'external-site',
      entity: { id: 'hook', name: 'Hook', url: `${crmUrl}/hooks/answered`, method: 'POST', format: 'json', egress },
    },
    { kind: 'crm-connection', entity: { id: 'crm', name: 'CRM', connector: 'http-json', baseUrl: crmUrl, egress } },
    {
      kind: 'campaign',
      entity: {
        id: 'support',
        name: 'Support',
        match: { queues: ['support'] },
        sites: ['hook'],
        records: ['crm'],
        dispositions: [{ id: 'solved', name: 'Solved' }],
        acw: { timeoutMs },
      },
    },
    {
      kind: 'routing-rule',
      entity: {
        id: 'plan',
        name: 'Plan',
        url: `${crmUrl}/lookup`,
        fieldName: 'plan',
        rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
        default: { type: 'queue', target: 'general' },
        egress,
      },
    },
  ];
}
