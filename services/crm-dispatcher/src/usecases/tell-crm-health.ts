import type { ConfigStore } from '@patchcord/bus';
import { crmConnectors, usesSession } from '@patchcord/connectors';
import {
  type CrmConnection,
  type CrmHealth,
  type crmHealthReply,
  type crmHealthRequest,
  destinationKey,
  queues,
  type TenantConfig,
} from '@patchcord/contracts';
import type { TokenStore } from '@patchcord/egress';
import type { JobQueue } from '@patchcord/jobs';
import { fromRedis } from '@patchcord/runtime';
import type { z } from 'zod';
import type { CrmBreakerNews } from '../adapters/crm-breaker-news.ts';
import type { ReadCrmFindings } from '../adapters/crm-health-reader.ts';
import { statusOf } from '../domain/crm-status.ts';

export interface TellCrmHealthOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly findings: ReadCrmFindings;
  readonly breakers: Pick<CrmBreakerNews, 'read'>;
  readonly tokens: Pick<TokenStore, 'get'>;
  readonly open: (queue: string) => Pick<JobQueue<unknown>, 'depth'>;
}

export type TellCrmHealth = (request: z.infer<typeof crmHealthRequest>) => Promise<z.infer<typeof crmHealthReply>>;

/** How CRM connections are, over all replicas. Throws `Failure` own-trouble without Redis. */
export function createTellCrmHealth(options: TellCrmHealthOptions): TellCrmHealth {
  return async ({ tenantId, connectionId }) => {
    const entities = options.config.tenant(tenantId);
    const wanted = [...entities['crm-connection'].values()]
      .filter(({ id }) => connectionId === undefined || id === connectionId)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const troubled = await fromRedis(options.breakers.read(tenantId));
    const connections = await Promise.all(
      wanted.map((connection) => healthOf(options, { tenantId, connection, entities, troubled })),
    );
    return { connections };
  };
}

interface Asked {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  readonly entities: TenantConfig;
  readonly troubled: Awaited<ReturnType<CrmBreakerNews['read']>>;
}

async function healthOf(options: TellCrmHealthOptions, asked: Asked): Promise<CrmHealth> {
  const { tenantId, connection, entities, troubled } = asked;
  const { id: connectionId, name, connector, enabled } = connection;
  const key = destinationKey({ kind: 'crm', id: connectionId });
  const [findings, session, { waiting, active, delayed, dead }] = await Promise.all([
    fromRedis(options.findings(tenantId, connection)),
    sessionOf(options, tenantId, connection, entities),
    options.open(queues.crmDispatch(tenantId, key)).depth(),
  ]);
  const breakers = breakersOf(troubled, namesOf(key, connectionId, entities));
  const work = { waiting: waiting + active + delayed, dead };
  const known = { ...findings, enabled, breakers };
  return { connectionId, name, connector, status: statusOf(known), ...known, session, work };
}

/** What asks a connection has a breaker of its own: its work, and each rule. By the breaker's key. */
function namesOf(key: string, connectionId: string, entities: TenantConfig): ReadonlyMap<string, string> {
  const rules = [...entities['routing-rule'].values()].filter(({ crm }) => crm?.connection === connectionId);
  return new Map([[key, 'work'], ...rules.map(({ id }) => [`rule-${id}`, `rule-${id}`] as const)]);
}

function breakersOf(troubled: Asked['troubled'], names: ReadonlyMap<string, string>): CrmHealth['breakers'] {
  const byKey = Map.groupBy(
    troubled.filter(({ key }) => names.has(key)),
    ({ key }) => key,
  );
  return [...byKey].map(([key, all]) => ({
    of: names.get(key) ?? key,
    state: all.some(({ state }) => state === 'open') ? ('open' as const) : ('half-open' as const),
    since: all.map(({ since }) => since).sort()[0] ?? new Date(0).toISOString(),
    replicas: all.length,
  }));
}

/** Kinds of authentication that need a token first. */
const tokenKinds: readonly string[] = [
  'login-token',
  'oauth2-client-credentials',
  'oauth2-refresh-token',
  'oauth2-authorization-code',
];

async function sessionOf(
  { tokens }: TellCrmHealthOptions,
  tenantId: string,
  connection: CrmConnection,
  entities: TenantConfig,
): Promise<CrmHealth['session']> {
  const key = usesSession(crmConnectors, connection) ? `crm-${connection.id}` : tokenKeyOf(connection, entities);
  if (key === undefined) return 'unused';
  const token = await tokens.get(tenantId, key);
  return token !== undefined && token.expiresAt > Date.now() ? 'open' : 'closed';
}

function tokenKeyOf({ authentication }: CrmConnection, entities: TenantConfig): string | undefined {
  const found = authentication === undefined ? undefined : entities['site-authentication'].get(authentication);
  return found !== undefined && tokenKinds.includes(found.kind) ? found.id : undefined;
}
