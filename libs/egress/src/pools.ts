import { isIP } from 'node:net';
import type { EgressPolicy } from '@patchcord/contracts';
import { Agent, buildConnector } from 'undici';
import { AddressRefused, createAddressCheck, guardedLookup } from './address-guard.ts';
import type { EgressRequest } from './request.ts';
import { secureContext, tlsKey } from './tls.ts';

export interface PoolOptions {
  readonly connectionsPerOrigin: number;
  /** Root certificates trusted beside the public ones (PEM). */
  readonly ca?: string | undefined;
  readonly allowedCidrs?: readonly string[] | undefined;
}

/** What a connection may be used for depends on these. */
type ConnectionTerms = Pick<EgressRequest, 'policy' | 'tls' | 'clientCertificate'>;

export interface Pools {
  /** Throws `Failure` permanent `certificate_invalid` when a certificate or its key cannot be read. */
  for(terms: ConnectionTerms): Agent;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const maxPools = 200;

/**
 * One pool of connections per policy, TLS settings and client certificate: a socket that one of them allowed must never
 * serve a request of another. Those that were not used for longest go first when there are too many.
 */
export function createPools(options: PoolOptions): Pools {
  const agents = new Map<string, Agent>();
  return {
    for: (terms) => {
      const key = keyOf(terms);
      const agent = agents.get(key) ?? newAgent(terms, options);
      agents.delete(key);
      agents.set(key, agent);
      evictOldest(agents);
      return agent;
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
    },
  };
}

/** Terms come from the configuration, where they stay the same objects until they change: their hash is made once. */
const keys = new WeakMap<EgressPolicy, ConnectionTerms & { readonly key: string }>();

function keyOf(terms: ConnectionTerms): string {
  const { policy, tls, clientCertificate } = terms;
  const known = keys.get(policy);
  if (known !== undefined && known.tls === tls && known.clientCertificate === clientCertificate) return known.key;
  const key = poolKey(terms);
  keys.set(policy, { policy, tls, clientCertificate, key });
  return key;
}

const poolKey = (terms: ConnectionTerms): string =>
  [terms.policy.allowHttp, terms.policy.allowCidrs.toSorted().join(','), tlsKey(terms)].join('|');

function evictOldest(agents: Map<string, Agent>): void {
  const [oldest] = agents;
  if (agents.size <= maxPools || oldest === undefined) return;
  agents.delete(oldest[0]);
  // Requests under way on it end first.
  oldest[1].close().catch(() => {});
}

function newAgent(terms: ConnectionTerms, options: PoolOptions): Agent {
  return new Agent({
    connections: options.connectionsPerOrigin,
    pipelining: 1,
    // The deadline of the whole request is ours; undici's timers are coarse.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: guardedConnector(terms, options),
  });
}

/** Checks the address of every single connection: literal ones here (no lookup happens), names as they resolve. */
function guardedConnector(terms: ConnectionTerms, { ca, allowedCidrs }: PoolOptions): buildConnector.connector {
  const isAllowed = createAddressCheck(terms.policy, allowedCidrs);
  const inner = buildConnector({
    lookup: guardedLookup(isAllowed),
    timeout: connectTimeoutMs,
    allowH2: false,
    rejectUnauthorized: terms.tls?.verify ?? true,
    secureContext: secureContext(terms, ca),
  } as buildConnector.BuildOptions);
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) return callback(new AddressRefused(host, host), null);
    inner(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const remote = socket.remoteAddress ?? '';
      if (isAllowed(remote)) return callback(null, socket);
      socket.destroy();
      callback(new AddressRefused(host, remote), null);
    });
  };
}
