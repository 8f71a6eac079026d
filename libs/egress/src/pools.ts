import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { EgressPolicy } from '@patchcord/contracts';
import { Agent, buildConnector } from 'undici';
import { AddressRefused, createAddressCheck, guardedLookup } from './address-guard.ts';

export interface PoolOptions {
  readonly connectionsPerOrigin: number;
  /** Root certificates trusted beside the public ones (PEM). */
  readonly ca?: string | undefined;
}

export interface Pools {
  for(policy: EgressPolicy): Agent;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const maxPolicies = 200;

/**
 * One pool of connections per policy: a socket that one policy allowed must never serve a request of another. Policies
 * that were not used for longest go first when there are too many.
 */
export function createPools(options: PoolOptions): Pools {
  const agents = new Map<string, Agent>();
  return {
    for: (policy) => {
      const key = policyKey(policy);
      const agent = agents.get(key) ?? newAgent(policy, options);
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

const policyKey = ({ allowHttp, allowCidrs }: EgressPolicy): string =>
  `${allowHttp}|${allowCidrs.toSorted().join(',')}`;

function evictOldest(agents: Map<string, Agent>): void {
  const [oldest] = agents;
  if (agents.size <= maxPolicies || oldest === undefined) return;
  agents.delete(oldest[0]);
  // Requests under way on it end first.
  oldest[1].close().catch(() => {});
}

function newAgent(policy: EgressPolicy, { connectionsPerOrigin, ca }: PoolOptions): Agent {
  return new Agent({
    connections: connectionsPerOrigin,
    pipelining: 1,
    // The deadline of the whole request is ours; undici's timers are coarse.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: guardedConnector(policy, ca),
  });
}

/** Checks the address of every single connection: literal ones here (no lookup happens), names as they resolve. */
function guardedConnector(policy: EgressPolicy, ca: string | undefined): buildConnector.connector {
  const isAllowed = createAddressCheck(policy);
  const inner = buildConnector({
    lookup: guardedLookup(isAllowed),
    timeout: connectTimeoutMs,
    allowH2: false,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
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
