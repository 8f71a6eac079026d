import { type Bus, type ConfigStore, connectBus, ensureTopology, openConfig, serveRpc } from '@patchcord/bus';
import {
  type IdentifyReply,
  type IdentifyRequest,
  type LookupReply,
  type LookupRequest,
  rpc,
} from '@patchcord/contracts';
import { createLogger, mintToken, type Service, settings } from '@patchcord/runtime';
import { type ServerProcess, startNats } from '@patchcord/testkit';
import { settingsSchema } from '../src/config.ts';
import { createRoutingDecider } from '../src/service.ts';

export interface Fixture {
  readonly nats: ServerProcess;
  /** Of a PBX, or of a dispatcher: not the service's own. */
  readonly bus: Bus;
  /** The service's own. */
  readonly own: Bus;
  readonly config: ConfigStore;
  readonly service: Service;
  /** May decide for the tenant `acme`. */
  readonly token: string;
  /** Serves lookups in the place of crm-dispatcher until `release`. */
  answerLookups(answer: (request: LookupRequest) => Promise<LookupReply>): Promise<{ release(): Promise<void> }>;
  /** Asks services of identifications in the place of crm-dispatcher until `release`. */
  answerIdentifications(
    answer: (request: IdentifyRequest) => Promise<IdentifyReply>,
  ): Promise<{ release(): Promise<void> }>;
  /** A request to the service with the token, and the answer's body. */
  ask(path: string, init?: { body?: unknown; token?: string | null }): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

export const tenantId = 'acme';

/** The service on a real NATS, with no dispatcher. */
export async function startFixture(env: Record<string, string> = {}): Promise<Fixture> {
  const nats = await startNats();
  const bus = await connectBus({ url: nats.url, name: 'test' });
  await ensureTopology(bus);
  const own = await connectBus({ url: nats.url, name: 'routing-decider' });
  const config = await openConfig(own);
  const { token, sha256 } = mintToken(tenantId);
  await config.put(tenantId, 'api-token', { id: 'pbx', name: 'PBX', sha256, scopes: ['routing:decide'] });
  const log = createLogger({ service: 'test', level: 'silent' });
  const service = createRoutingDecider({
    settings: settings(settingsSchema, { HTTP_PORT: '0', ...env }),
    bus: own,
    config,
    log,
  });
  await service.start();
  return {
    nats,
    bus,
    own,
    config,
    service,
    token,
    answerLookups: async (answer) => {
      const served = serveRpc(bus, rpc.lookup, answer, { concurrency: 1000 });
      await bus.nc.flush();
      return { release: () => served.stop() };
    },
    answerIdentifications: async (answer) => {
      const served = serveRpc(bus, rpc.identify, answer, { concurrency: 1000 });
      await bus.nc.flush();
      return { release: () => served.stop() };
    },
    ask: (path, init = {}) => request(`${service.url}${path}`, { token, ...init }),
    stop: async () => {
      await service.stop();
      await config.close();
      await own.close();
      await bus.close();
      await nats.stop();
    },
  };
}

async function request(
  url: string,
  { body, token }: { body?: unknown; token: string | null },
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
