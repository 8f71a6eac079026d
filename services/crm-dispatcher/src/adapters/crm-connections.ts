import { createHash } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import {
  type Crm,
  type CrmAccess,
  type CrmConnector,
  type CrmSessions,
  crmConnectors,
  openCrm,
} from '@patchcord/connectors';
import { type CrmConnection, Failure } from '@patchcord/contracts';
import type { SiteAuthenticator, TokenCache } from '@patchcord/egress';
import type { Redis } from 'ioredis';
import { regionOf } from '../domain/facts.ts';
import { createCallLedger } from './call-ledger.ts';
import type { CrmPassages, CrmWho } from './crm-passages.ts';

export interface CrmConnectionsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly authenticator: Pick<SiteAuthenticator, 'send'>;
  readonly secret: (tenantId: string, id: string) => Promise<string>;
  readonly sessions: Pick<TokenCache, 'token'>;
  readonly redis: Redis;
  readonly passages: Pick<CrmPassages, 'open'>;
}

interface Asked {
  readonly tenantId: string;
  readonly connection: CrmConnection;
  /** For everything that is asked of it. */
  readonly timeoutMs: number;
  /** The same for each attempt to do the same thing. */
  readonly messageId: string;
  /** Who waits for it; default: nobody, so it goes after callers and comes again when limits are used up. */
  readonly who?: CrmWho;
  readonly headers?: Readonly<Record<string, string>>;
  /** To see whether the credentials do: an open session is not used, and credentials that were just refused are tried again. */
  readonly logInAnew?: boolean;
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
  { config, authenticator, secret, sessions, passages }: CrmConnectionsOptions,
  { tenantId, connection, timeoutMs, messageId, who = 'work', headers = {}, logInAnew = false }: Asked,
  { title }: CrmConnector,
): CrmAccess | Failure {
  const tenant = config.tenant(tenantId);
  const { authentication: id, username, password, clientSecret } = connection;
  const authentication = id === undefined ? undefined : tenant['site-authentication'].get(id);
  if (id !== undefined && authentication === undefined)
    return refused('authentication_missing', `the authentication "${id}" of the CRM is not configured`);
  const signal = AbortSignal.timeout(timeoutMs + callOffMs);
  const current: CrmSessions['current'] = (open, old) =>
    sessions.token({
      tenantId,
      key: `crm-${connection.id}`,
      fingerprint: fingerprintOf(connection),
      lockMs: connection.timeoutMs + keepingMs,
      refused: old,
      locksOut: !logInAnew,
      fetch: async () => {
        const { value, ttlMs } = await passage.loggingIn(open);
        return { value, lifetimeSeconds: ttlMs / 1000 };
      },
    });
  const deadline = Date.now() + timeoutMs;
  const passage = passages.open({ tenantId, connection, who, deadline });
  return {
    connection,
    send: (request) =>
      authenticator.send({ ...request, signal }, { tenantId, authentication, messageId, through: passage.send }),
    note: (note) => passage.note(note),
    sessions: logInAnew ? loggedInAnew(current) : { current },
    logIn: async () => {
      if (username === undefined || password === undefined)
        throw refused('credentials_missing', `${title} needs "username" and "password" in its connection`);
      const user = { username, password: await secret(tenantId, password) };
      return clientSecret === undefined ? user : { ...user, clientSecret: await secret(tenantId, clientSecret) };
    },
    region: regionOf(tenant),
    deadline,
    headers,
    signal,
  };
}

/** A log-in is made, and then used by all: a CRM that knows one session of a user would end that of the others anyway. */
function loggedInAnew(current: CrmSessions['current']): CrmSessions {
  let made: Promise<string> | undefined;
  const make = async (open: Parameters<CrmSessions['current']>[0]): Promise<string> => {
    let isNew = false;
    const value = await current(() => {
      isNew = true;
      return open();
    });
    return isNew ? value : current(open, value);
  };
  return {
    current: (open, old) => {
      if (old !== undefined) made = current(open, old);
      made ??= make(open);
      return made;
    },
  };
}

/** Requests end by themselves at the deadline, as the CRM's failure: what is called off would be ours, and open no breaker (ms). */
const callOffMs = 100;

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
