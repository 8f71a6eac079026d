import { createHash } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import { type Crm, type CrmAccess, type CrmConnector, crmConnectors, openCrm } from '@patchcord/connectors';
import { type CrmConnection, Failure } from '@patchcord/contracts';
import type { SiteAuthenticator, TokenCache } from '@patchcord/egress';
import type { Redis } from 'ioredis';
import { regionOf } from '../domain/facts.ts';
import { createCallLedger } from './call-ledger.ts';

export interface CrmConnectionsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly authenticator: Pick<SiteAuthenticator, 'send'>;
  readonly secret: (tenantId: string, id: string) => Promise<string>;
  readonly sessions: Pick<TokenCache, 'token'>;
  readonly redis: Redis;
}

interface Asked {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  /** For everything that is asked of it. */
  readonly timeoutMs: number;
  /** The same for each attempt to do the same thing. */
  readonly messageId: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The CRM of a connection, for one task; a `Failure` when its configuration does not do. */
export type ConnectCrm = (asked: Asked) => Crm | Failure;

export function createCrmConnections(options: CrmConnectionsOptions): ConnectCrm {
  return (asked) => {
    const connector = crmConnectors[asked.connection.connector];
    if (connector === undefined)
      return refused('connector_missing', `there is no connector "${asked.connection.connector}" of that kind`);
    const access = accessOf(options, asked, connector);
    if (access instanceof Failure) return access;
    return openCrm({
      connector,
      access,
      ledger: createCallLedger(options.redis, asked.tenantId, asked.connection.id),
      ownNumbers: ownNumbers(options, asked.tenantId),
    });
  };
}

function accessOf(
  { config, authenticator, secret, sessions }: CrmConnectionsOptions,
  { tenantId, connection, timeoutMs, messageId, headers = {} }: Asked,
  { title }: CrmConnector,
): CrmAccess | Failure {
  const tenant = config.tenant(tenantId);
  const { authentication: id, username, password, clientSecret } = connection;
  const authentication = id === undefined ? undefined : tenant['site-authentication'].get(id);
  if (id !== undefined && authentication === undefined)
    return refused('authentication_missing', `the authentication "${id}" of the CRM is not configured`);
  const signal = AbortSignal.timeout(timeoutMs);
  return {
    connection,
    send: (request) => authenticator.send({ ...request, signal }, { tenantId, authentication, messageId }),
    sessions: {
      current: (open, old) =>
        sessions.token({
          tenantId,
          key: `crm-${connection.id}`,
          fingerprint: fingerprintOf(connection),
          lockMs: connection.timeoutMs + keepingMs,
          refused: old,
          locksOut: true,
          fetch: async () => {
            const { value, ttlMs } = await open();
            return { value, lifetimeSeconds: ttlMs / 1000 };
          },
        }),
    },
    logIn: async () => {
      if (username === undefined || password === undefined)
        throw refused('credentials_missing', `${title} needs "username" and "password" in its connection`);
      const user = { username, password: await secret(tenantId, password) };
      return clientSecret === undefined ? user : { ...user, clientSecret: await secret(tenantId, clientSecret) };
    },
    region: regionOf(tenant),
    deadline: Date.now() + timeoutMs,
    headers,
    signal,
  };
}

/** A log-in is over after the connection's deadline; then it must be kept (ms). */
const keepingMs = 10_000;

const refused = (code: string, message: string): Failure => new Failure('permanent', code, message);

/** Another user, place or setting: another session. */
const fingerprintOf = ({ baseUrl, username, password, clientSecret, settings }: CrmConnection): string =>
  createHash('sha256')
    .update(JSON.stringify([baseUrl, username, password, clientSecret, settings]))
    .digest('base64url');

/** Numbers that callers dial to reach us are nobody's. */
function ownNumbers({ config }: CrmConnectionsOptions, tenantId: string): string[] {
  const { campaign, 'routing-rule': rules } = config.tenant(tenantId);
  return [
    ...[...campaign.values()].flatMap(({ match }) => match.dids),
    ...[...rules.values()].flatMap(({ location }) => (location?.type === 'did' ? location.dids : [])),
  ];
}
