import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProcess, startDemo } from '../harness/demo.ts';

interface State {
  readonly phone: string;
  readonly calls: boolean;
  readonly takesCalls: boolean;
  readonly steps: Readonly<Record<string, boolean>>;
}

interface LiveCall {
  readonly callId: string;
  readonly state: string;
  readonly ani?: string;
  readonly agentId?: string;
}

interface Pop {
  readonly callId: string;
  readonly action: { readonly url: string };
}

let demo: DemoProcess;
/** Of the console. */
let url = '';
/** Of the agent, as the link gives it. */
let token = '';

const linkOf = async (printed: string): Promise<URL> => {
  const { headers, status } = await fetch(printed, { redirect: 'manual' });
  expect(status).toBe(302);
  return new URL(headers.get('location') ?? '');
};

/** As the agent, unless another token is given. */
async function ask<Answer>(path: string, body?: unknown, bearer = token): Promise<Answer> {
  const answer = await fetch(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return (await answer.json()) as Answer;
}

/** As the desk's page asks it. */
const phone = (path: string, method = 'GET'): Promise<Response> =>
  fetch(new URL(path, demo.phoneUrl), { method, headers: { origin: new URL(url).origin } });

async function state(): Promise<State> {
  const answer = await phone('/state');
  const reader = answer.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return JSON.parse(new TextDecoder().decode(value).replace('data: ', '')) as State;
}

const press = async (deed: string): Promise<void> => expect((await phone(`/${deed}`, 'POST')).status, deed).toBe(204);

const becomes = (use: string): Promise<boolean> =>
  eventually(async () => (await state()).phone === use, { what: `the phone ${use}`, deadlineMs: 20_000 });

const callThatRings = (ani: string): Promise<LiveCall> =>
  eventually(
    async () => {
      const { calls } = await ask<{ calls: LiveCall[] }>('/v1/live', undefined, demo.token);
      return calls.find((call) => call.ani === ani && call.callId.startsWith('c-demo-demo-') && call.state !== 'ended');
    },
    { what: `a call of ${ani}`, deadlineMs: 20_000 },
  );

beforeAll(async () => {
  demo = await startDemo();
  const link = await linkOf(demo.agentLink);
  url = link.origin;
  token = new URLSearchParams(link.hash.slice(1)).get('token') ?? '';
}, 90_000);
afterAll(() => demo?.stop());

describe('the demo', () => {
  it('each printed link signs somebody in, as often as it is opened', async () => {
    const [first, again] = [await linkOf(demo.agentLink), await linkOf(demo.agentLink)];
    expect(first.pathname).toBe('/desk');
    expect(again.hash).toMatch(/^#token=.+/);
    const { scopes } = await ask<{ scopes: string[] }>('/v1/session');
    expect(scopes).not.toContain('admin');
    const administrator = await linkOf(demo.administratorLink);
    const adminToken = new URLSearchParams(administrator.hash.slice(1)).get('token');
    await ask('/v1/config/campaign', undefined, adminToken ?? '');
  });

  it('a call rings, is picked up, held, taken back and ended by buttons; its disposition is in the CRM', async () => {
    expect(await state()).toMatchObject({ phone: 'idle', calls: false, takesCalls: true, steps: { rang: false } });
    await press('start');
    await becomes('ringing');
    const { callId } = await callThatRings('+14155550123');
    const pop = await eventually(
      async () => {
        const { pops } = await ask<{ pops: Pop[] }>('/v1/agents/1001/screen-pops');
        return pops.find((candidate) => candidate.callId === callId);
      },
      { what: 'the pop' },
    );
    expect(await (await fetch(pop.action.url)).text()).toContain('Maria Keller');
    await press('answer');
    await eventually(async () => (await callThatRings('+14155550123')).state === 'talking', { what: 'talking' });
    await ask(`/v1/calls/${callId}/hold`, {});
    await becomes('held');
    await ask(`/v1/calls/${callId}/resume`, {});
    await becomes('talking');
    await ask(`/v1/calls/${callId}/hangup`, {});
    await becomes('idle');
    const interaction = callId.replace('c-', 'i-').replace(/\d+$/, (last) => String(Number(last) + 1));
    const disposition = { optionId: 'solved', comments: 'By hand', form: { reason: 'delivery' } };
    await eventually(
      () =>
        ask(`/v1/interactions/${interaction}/disposition`, { disposition }).then(
          () => true,
          () => false,
        ),
      { what: 'the disposition', deadlineMs: 10_000 },
    );
    await eventually(async () => (await state()).steps.arrived, { what: 'the record at the CRM', deadlineMs: 20_000 });
    expect((await state()).steps).toEqual({ rang: true, answered: true, disposed: true, arrived: true });
  }, 60_000);

  it('the next caller has a number of two customers; a pause keeps calls away, and a stop ends them', async () => {
    await callThatRings('+14155550124');
    await press('stop');
    await becomes('idle');
    await ask('/v1/agents/1001/pause', { reason: 'lunch' });
    await eventually(async () => !(await state()).takesCalls);
    await press('start');
    expect((await state()).phone).toBe('idle');
    await ask('/v1/agents/1001/unpause', {});
    await becomes('ringing');
    await press('stop');
    await becomes('idle');
  }, 60_000);

  it('the agent calls a customer: his phone rings, he picks up, they talk; a colleague takes over', async () => {
    const { callId } = await ask<{ callId: string }>('/v1/calls', { to: '+14155550123', campaignId: 'support' });
    await becomes('ringing');
    await press('answer');
    await becomes('talking');
    const live = async (): Promise<LiveCall | undefined> => {
      const { calls } = await ask<{ calls: LiveCall[] }>('/v1/live', undefined, demo.token);
      return calls.find((call) => call.callId === callId);
    };
    const talksWith = (agentId: string) =>
      eventually(async () => expect(await live()).toMatchObject({ state: 'talking', agentId }) ?? true, {
        what: `talking with ${agentId}`,
        deadlineMs: 10_000,
      });
    await talksWith('1001');
    await ask(`/v1/calls/${callId}/transfer`, { to: { kind: 'agent', agentId: '1002' } });
    await becomes('idle');
    await talksWith('1002');
  }, 60_000);

  it("nobody but the console's own pages is answered by the telephone", async () => {
    for (const origin of ['https://evil.example', 'null', undefined]) {
      const headers: Record<string, string> = origin === undefined ? {} : { origin };
      for (const [path, method] of [
        ['/state', 'GET'],
        ['/start', 'POST'],
      ] as const) {
        const answer = await fetch(new URL(path, demo.phoneUrl), { method, headers });
        expect(answer.status, `${path} from ${origin}`).toBe(403);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
    expect((await fetch(new URL('/agent-0123456789abcdef', demo.phoneUrl))).status).toBe(403);
    expect((await state()).calls).toBe(false);
  });
});
