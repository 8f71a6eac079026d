import {
  type ConfigStore,
  connectBus,
  ensureTopology,
  type NewEntity,
  openConfig,
  storedMessages,
} from '@patchcord/bus';
import { type AnyEvent, parseEvent, streams, subjects } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually, type ServerProcess, startNats, startRedis } from '@patchcord/testkit';
import { type ServiceProcess, startServiceProcess } from '../harness/service-process.ts';
import type { AmiAddress } from './lab/lab.ts';

/** call-ingest, twice, and the console between a real Asterisk and its users. */
export interface House {
  readonly config: ConfigStore;
  /** Kills call-ingest, both of them, and starts it again. */
  restart(): Promise<void>;
  /** POST to the console; the answer's status and body. */
  post(path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Token of an agent. */
  readonly agentToken: string;
  eventsOf(callId: string): Promise<AnyEvent[]>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly body: {
    readonly outcome?: string;
    readonly callId?: string;
    readonly error?: { code: string; message: string };
  };
}

export const tenant = 'acme';

export async function startHouse(ami: AmiAddress, entities: readonly NewEntity[]): Promise<House> {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const bus = await connectBus({ url: nats.url, name: 'test' });
  await ensureTopology(bus);
  const config = await openConfig(bus);
  const [operator, agent] = [mintToken(tenant), mintToken(tenant)];
  const tokens = [
    { id: 'operator', name: 'operator', sha256: operator.sha256, scopes: ['admin'] },
    { id: 'agent', name: 'agent', sha256: agent.sha256, scopes: ['calls:control'], agentId: '1001' },
  ];
  await config.applyAll(tenant, [...entities, ...tokens.map((entity) => ({ kind: 'api-token', entity }))]);
  const originate = { context: 'outbound', callerId: '"Acme" <+12025550100>' };
  const env = {
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
    AMI_CONNECTIONS: JSON.stringify([{ pbxId: 'lab', tenantId: tenant, ...ami, trunks: ['PJSIP/carrier'], originate }]),
  };
  const [callIngest, replica, console] = await Promise.all([
    startServiceProcess('call-ingest', env),
    startServiceProcess('call-ingest', env),
    startServiceProcess('console', env),
  ]);
  await Promise.all([callIngest, replica].map((process) => isLive(process, operator.token)));
  return {
    config,
    async restart() {
      await Promise.all([callIngest, replica].map((process) => process.kill()));
      await Promise.all([callIngest, replica].map((process) => process.start()));
      await Promise.all([callIngest, replica].map((process) => isLive(process, operator.token)));
    },
    agentToken: agent.token,
    post: (path, body, token = operator.token) => post(`${console.url}${path}`, body, token),
    async eventsOf(callId) {
      const events: AnyEvent[] = [];
      for await (const message of storedMessages(
        bus,
        streams.callEvents.name,
        subjects.entityEvents('call', tenant, callId),
      )) {
        const parsed = parseEvent(message.json());
        if (parsed.ok) events.push(parsed.event);
      }
      return events;
    },
    async stop() {
      await Promise.all([callIngest.stop(), replica.stop(), console.stop()]);
      await config.close();
      await bus.close();
      await stopAll([nats, redis]);
    },
  };
}

const stopAll = async (servers: readonly ServerProcess[]): Promise<void> =>
  void (await Promise.all(servers.map((server) => server.stop())));

async function isLive(callIngest: ServiceProcess, token: string): Promise<void> {
  const what = 'the connection to the PBX';
  await eventually(
    async () => {
      const answer = await fetch(`${callIngest.url}/v1/pbxs`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.text()).includes('"state":"live"');
    },
    { what, deadlineMs: 20_000 },
  );
}

export async function post(url: string, body: unknown, token: string): Promise<Answer> {
  const startedAt = performance.now();
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answered = (await answer.json()) as Answer['body'];
  return { status: answer.status, ms: Math.round(performance.now() - startedAt), body: answered };
}
