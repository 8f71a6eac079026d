import { callIdOf, type Scope, type Session } from '@patchcord/contracts';
import { mintToken, type Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { callEvent, queueCall } from './call-script.ts';
import { type Fixture, startFixture } from './fixture.ts';

/** As far as tests look into one; `toMatchObject` looks into the rest. */
export interface Body {
  readonly callId: string;
  readonly eventId: string;
  readonly cursor?: string;
  readonly data: Record<string, unknown>;
  readonly calls: readonly { readonly callId: string }[];
  readonly items: readonly { readonly id: string }[];
  readonly item: { readonly id: string; readonly data: Record<string, unknown> };
  readonly error: { readonly message: string; readonly issues: readonly { path: string; message: string }[] };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface SessionFixture extends Omit<Fixture, 'token'> {
  readonly service: Service;
  /** A token that reads and writes. */
  readonly crm: string;
  token(options?: { tenantId?: string; agentId?: string; scopes?: Scope[] }): Promise<string>;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  patch(callId: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Plays a call up to its n-th event, and gives its id once the store has it. */
  call(name: string, upTo?: number, tenantid?: string): Promise<string>;
  session(callId: string, tenantId?: string): Promise<Session>;
}

export async function startSessions(): Promise<SessionFixture> {
  const fixture = await startFixture();
  const service = await fixture.startReplica();
  let tokens = 0;
  const token: SessionFixture['token'] = async (options = {}) => {
    const { tenantId = 'acme', agentId, scopes = ['sessions:read', 'sessions:write'] } = options;
    tokens += 1;
    const { token: text, sha256 } = mintToken(tenantId);
    const own = agentId === undefined ? {} : { agentId };
    if (agentId !== undefined) await fixture.config.put(tenantId, 'agent', { id: agentId, name: agentId });
    await fixture.config.put(tenantId, 'api-token', { id: `t-${tokens}`, name: 'Test', sha256, scopes, ...own });
    const headers = { authorization: `Bearer ${text}` };
    await eventually(async () => (await fetch(`${service.url}/v1/calls`, { headers })).status !== 401);
    return text;
  };
  const crm = await token();
  const ask: SessionFixture['ask'] = async (method, path, { token: own = crm, body, headers = {} } = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${own}`, ...type, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body };
  };
  return {
    ...fixture,
    service,
    crm,
    token,
    ask,
    patch: (callId, body, headers = {}) => ask('PATCH', `/v1/calls/${callId}/variables`, { body, headers }),
    call: async (name, upTo = 5, tenantid = 'acme') => {
      const pbxCallId = linkedId(name);
      const [, ...events] = queueCall({ call: name, tenantid });
      const offered = { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100', legId: 'l-1', pbxId: 'lab' };
      const first = callEvent({ call: name, tenantid }, 0, ['offered', { ...offered, pbxCallId }]);
      const played = [first, ...events].slice(0, upTo);
      await fixture.publisher.publishAll(played);
      const callId = callIdOf('lab', name);
      await eventually(async () => (await fixture.changes(callId, tenantid)).length >= played.length);
      return callId;
    },
    session: async (callId, tenantId = 'acme') => {
      const text = await fixture.redis.hget(`pc:1:{${tenantId}:${callId}}:session`, 'session');
      return JSON.parse(text ?? 'null') as Session;
    },
  };
}

/** The PBX's own id of a call of a test. */
export const linkedId = (name: string): string => `1795218080.${name}`;
