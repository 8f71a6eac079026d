import type { AgentEvent, AnyEvent } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { houseCrm } from '../../../libs/connectors/test/crm/proprietary/described.ts';
import { startFakeHouseCrm } from '../../../libs/connectors/test/crm/proprietary/fake.ts';
import { basic, startFakeServiceNow } from '../../../libs/connectors/test/crm/servicenow/fake.ts';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

type Fake = Awaited<ReturnType<typeof startFakeHouseCrm>>;

interface AgentOfScene {
  readonly agentId: string;
  readonly house: string;
  readonly now: string;
}

export interface PresenceScene {
  readonly fixture: Fixture;
  readonly house: Fake;
  readonly now: Fake;
  /** An agent who did nothing yet, a user of both CRMs. */
  newAgent(): AgentOfScene;
  /** Changes the connection to the CRM of a house, on all replicas. */
  connect(more?: {
    readonly enabled?: boolean;
    readonly presence?: object;
    readonly timeoutMs?: number;
  }): Promise<void>;
  tell(...events: AgentEvent[]): Promise<void>;
  /** What was tried to be shown of a user at the CRM of a house. */
  triedOf(user: string): string[];
  stop(): Promise<void>;
}

let count = 0;

/** Something about an agent; `at`: when it was heard (ms since 1970). */
export function agentEvent(
  agentId: string,
  what: string,
  more: { readonly at?: number; readonly reason?: string } = {},
) {
  const { at = Date.now(), reason } = more;
  count += 1;
  const acw = /^acw-(started|ended)$/.test(what);
  const ofCall = { callId: 'c-lab-1', interactionId: 'i-lab-1' };
  const said = reason === undefined ? {} : { reason };
  return {
    specversion: '1.0',
    id: `presence-${count}`,
    source: acw ? '/service/disposition' : '/pbx/lab',
    type: `patchcord.v1.agent.${acw ? what : 'state-changed'}`,
    subject: agentId,
    time: new Date(at).toISOString(),
    recordedtime: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: String(count),
    data: {
      agent: { agentId },
      ...(acw ? ofCall : { state: what }),
      ...(what === 'acw-ended' ? { reason: 'agent' } : said),
    },
  } as AgentEvent;
}

/** Dispatchers between NATS and two CRMs that show presence. */
export async function startPresenceScene(start: (fixture: Fixture) => Promise<unknown>): Promise<PresenceScene> {
  const [fixture, house, now] = await Promise.all([startFixture(), startFakeHouseCrm(), startFakeServiceNow()]);
  const { config } = fixture;
  const presence = { enabled: true };
  const common = { egress: onThisMachine, agentSystem: 'users', timeoutMs: 1000 };
  const connect: PresenceScene['connect'] = async (more = {}) => {
    const own = { id: 'house', name: 'House', connector: 'proprietary', baseUrl: house.url, described: houseCrm };
    const headers = { 'x-house-key': 'k-4711' };
    await config.put(tenantId, 'crm-connection', { ...own, ...common, headers, presence, ...more });
  };
  for (const id of ['users', 'now-users']) await config.put(tenantId, 'external-system', { id, name: id });
  await connect();
  await config.put(tenantId, 'crm-connection', {
    id: 'now',
    name: 'ServiceNow',
    connector: 'servicenow',
    baseUrl: now.url,
    ...common,
    agentSystem: 'now-users',
    headers: { authorization: basic },
    presence,
  });
  const agents: AgentOfScene[] = [];
  for (let at = 1; at <= 12; at += 1) {
    const agentId = `a${at}`;
    const users = { house: house.seed('user', {}), now: now.seed('sys_user', { user_name: agentId }) };
    const externalIds = { users: users.house, 'now-users': users.now };
    await config.put(tenantId, 'agent', { id: agentId, name: agentId, externalIds });
    agents.push({ agentId, ...users });
  }
  await config.put(tenantId, 'agent', { id: 'unmapped', name: 'Unmapped' });
  await start(fixture);
  return {
    fixture,
    house,
    now,
    newAgent: () => {
      const agent = agents.pop();
      if (agent === undefined) throw new Error('the scene has no more agents');
      return agent;
    },
    connect,
    tell: async (...events) => void (await fixture.publisher.publishAll(events as AnyEvent[])),
    triedOf: (user) =>
      house.calls.filter(({ path }) => path[2] === user).map(({ json }) => String((json as { doing: string }).doing)),
    stop: async () => {
      await fixture.stop();
      await Promise.all([house.close(), now.close()]);
    },
  };
}

export const until = (probe: () => unknown, what: string): Promise<unknown> =>
  eventually(async () => (await probe()) === true, { what, deadlineMs: 20_000 });
