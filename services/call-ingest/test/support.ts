import { connectBus, ensureTopology, openConfig, storedMessages } from '@patchcord/bus';
import { type AnyEvent, callEvents, parseEvent, type Scope, streams } from '@patchcord/contracts';
import { createLogger, mintToken, type Service, settings } from '@patchcord/runtime';
import { startNats } from '@patchcord/testkit';
import { onTestFinished } from 'vitest';
import { settingsSchema } from '../src/config.ts';
import { createCallIngest } from '../src/service.ts';

export const log = createLogger({ service: 'test', level: 'silent' });

export async function freshNats() {
  const nats = await startNats();
  const bus = await connectBus({ url: nats.url, name: 'test' });
  await ensureTopology(bus, { storage: 'file' });
  const config = await openConfig(bus);
  return {
    nats,
    bus,
    config,
    async grant(tenantId: string, ...scopes: Scope[]): Promise<string> {
      const { token, sha256 } = mintToken(tenantId);
      const id = `t-${sha256.slice(0, 8)}`;
      await config.put(tenantId, 'api-token', { id, name: 'test', sha256, scopes });
      return token;
    },
    async stop() {
      await config.close();
      await bus.close();
      await nats.stop();
    },
  };
}
export type Nats = Awaited<ReturnType<typeof freshNats>>;

/** The service on a free port, stopped when the test ends. */
export async function startIngest({ bus, config, nats }: Nats, env: Record<string, string> = {}): Promise<Service> {
  const values = settings(settingsSchema, { NATS_URL: nats.url, HTTP_PORT: '0', LOG_LEVEL: 'silent', ...env });
  const service = createCallIngest({ settings: values, bus, config, log });
  await service.start();
  onTestFinished(() => service.stop());
  return service;
}

let made = 0;

/** A good event of acme, without what the service fills in. */
export function offered(over: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  return {
    specversion: '1.0',
    id: `e-${process.pid}-${made}`,
    source: '/pbx/lab',
    type: callEvents.callOffered.type,
    subject: `c-lab-${made}`,
    time: '2026-11-20T23:41:21.100Z',
    data: callEvents.callOffered.examples[0],
    ...over,
  };
}

/** A whole event, as it stands on the bus. */
export function event(over: Record<string, unknown> = {}): AnyEvent {
  const parsed = parseEvent(offered({ tenantid: 'acme', ...over }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.event;
}

/** Everything a tenant has in CALL_EVENTS. */
export async function stored({ bus }: Nats, tenantId: string, entity = 'call'): Promise<AnyEvent[]> {
  const events: AnyEvent[] = [];
  const filter = `patchcord.v1.evt.${tenantId}.${entity}.>`;
  for await (const message of storedMessages(bus, streams.callEvents.name, filter)) {
    const parsed = parseEvent(JSON.parse(message.string()));
    if (parsed.ok) events.push(parsed.event);
  }
  return events;
}

export interface Sent {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    readonly results?: { index: number; id?: string; status: string; issues?: { path: string; message: string }[] }[];
    readonly error?: { code: string; message: string };
  };
}

export async function send(
  service: Service,
  token: string | undefined,
  body: unknown,
  contentType = 'application/json',
): Promise<Sent> {
  return post(`${service.url}/v1/events`, token, body, contentType);
}

export async function post(
  url: string,
  token: string | undefined,
  body: unknown,
  contentType = 'application/json',
): Promise<Sent> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: text === '' ? {} : JSON.parse(text),
  };
}
