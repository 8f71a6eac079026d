import { randomBytes } from 'node:crypto';
import { type ScreenPop, type ScreenPopNews, screenPopNews } from '@patchcord/contracts';
import { eventually, followServerSent, type SeenRequest } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition', 'console'] as const;
const ani = '+14155550123';

let world: World;
let calls = 0;
beforeAll(async () => {
  const SECRETS_KEYS = `k1:${randomBytes(32).toString('base64')}`;
  world = await startWorld({ services, env: { SECRETS_KEYS }, acwTimeoutMs: 60_000 });
  await world.config.applyAll(worldTenant, sites(world.crm.url));
  await api('PUT', '/v1/secrets/crm-password', { value: 'correct horse' });
  const imported = await upload('id,phone,plan\n321321321,(415) 555-0123,GOLD\n7,+1 415 555 0199,SILVER\n');
  expect(imported).toMatchObject({ added: 2, refused: 0 });
}, 120_000);
afterAll(() => world?.stop());

describe('external sites - a call through all services', () => {
  it('the record is on screen, the CRM is told, the disposition arrives with its form', async () => {
    const browser = await openBrowser('1001');
    const call = nextCall();
    await ring(call);

    const card = await browser.pop('card');
    expect(card).toMatchObject({ trigger: 'automatic', target: 'embedded', callId: call.callId, agentId: '1001' });
    expect(card.action).toEqual({
      kind: 'navigate',
      url: `${world.crm.url}/hooks/card/321321321/11?lang=en&plan=GOLD`,
    });
    const told = await requestTo('/hooks/told');
    expect(JSON.parse(told.body)).toMatchObject({ client: { id: '321321321', phone: ani }, agent: '1001' });

    const button = await browser.pop('button');
    expect(button).toMatchObject({ trigger: 'agent', target: 'new-tab' });
    expect(JSON.stringify(button)).not.toContain('correct horse');
    const shown = await press(button);
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    const opened = await requestTo('/hooks/button');
    expect(opened.headers.authorization).toBe(`Basic ${btoa('agent:correct horse')}`);
    expect(opened.query).toEqual({ idClient: '321321321' });

    await api('POST', `/v1/interactions/${call.interactionId}/disposition`, {
      agentId: '1001',
      disposition: { optionId: 'sold', form: { Motivo: 'ventá', n: 1 } },
    });
    const outcome = await requestTo('/hooks/outcome');
    const { form, ...rest } = Object.fromEntries(new URLSearchParams(outcome.body));
    expect(rest).toEqual({ result: 'sold', name: 'Sold' });
    expect(JSON.parse(Buffer.from(form ?? '', 'base64url').toString())).toEqual({ Motivo: 'ventá', n: 1 });
    browser.close();
  });

  it('a browser that connects later reads what is open', async () => {
    const call = nextCall();
    await ring(call);
    await eventually(async () => (await openPops('1001')).some((pop) => pop.callId === call.callId), {
      what: 'an open pop',
    });
    const browser = await openBrowser('1001');
    expect((await browser.pop('card', call.callId)).contacts).toEqual([
      expect.objectContaining({ contactId: expect.any(String) }),
    ]);
    browser.close();
  });

  it('nobody else is shown the record', async () => {
    expect(await openPops('1002')).toEqual([]);
  });
});

const call = (key: string, name: string) => ({ family: 'call', key, name });
const contact = (key: string, name: string) => ({ family: 'contact', key, name });

function sites(crmUrl: string): Parameters<World['config']['applyAll']>[1] {
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  const site = (id: string, more: Record<string, unknown>) => ({
    kind: 'external-site',
    entity: { id, name: id, url: `${crmUrl}/hooks/${id}`, egress, ...more },
  });
  return [
    { kind: 'agent', entity: { id: '1001', name: 'Agent One', username: 'one' } },
    {
      kind: 'site-authentication',
      entity: { id: 'login', name: 'Login', kind: 'basic', username: 'agent', password: 'crm-password' },
    },
    {
      kind: 'contact-database',
      entity: {
        id: 'customers',
        name: 'Customers',
        columns: ['id', 'phone', 'plan'],
        phoneColumns: ['phone'],
        externalIdColumn: 'id',
      },
    },
    {
      kind: 'form',
      entity: {
        id: 'sale',
        name: 'Sale',
        fields: [
          { name: 'Motivo', type: 'text', required: true },
          { name: 'n', type: 'number' },
        ],
      },
    },
    site('card', {
      url: `${crmUrl}/hooks/card/{1}/{2}?lang=en`,
      trigger: 'automatic',
      target: 'embedded',
      parameters: [contact('id', '{1}'), { family: 'campaign', key: 'id', name: '{2}' }, contact('plan', 'plan')],
    }),
    site('button', {
      trigger: 'agent',
      target: 'new-tab',
      authentication: 'login',
      parameters: [contact('id', 'idClient')],
    }),
    site('told', {
      method: 'POST',
      format: 'json',
      parameters: [contact('id', 'client.id'), call('phone', 'client.phone'), call('agent_id', 'agent')],
    }),
    site('outcome', {
      trigger: 'disposition',
      method: 'POST',
      format: 'urlencoded',
      parameters: ['id', 'name', 'form'].map((key) => ({
        family: 'disposition',
        key,
        name: key === 'id' ? 'result' : key,
      })),
    }),
    {
      kind: 'campaign',
      entity: {
        id: '11',
        name: 'Shop',
        match: { queues: ['shop'] },
        database: 'customers',
        sites: ['card', 'button', 'told', 'outcome'],
        dispositions: [{ id: 'sold', name: 'Sold', crm: true, form: 'sale' }],
        acw: { timeoutMs: 60_000 },
      },
    },
  ];
}

function nextCall(): ScriptedCall {
  calls += 1;
  return answeredCall({ name: `site-${calls}`, queue: 'shop', ani, startMs: Date.now() });
}

/** The call up to the agent's answer. */
async function ring({ events }: ScriptedCall): Promise<void> {
  const target = { url: () => world.service('call-ingest').url, token: world.token };
  await postEvents(target, events.slice(0, 5));
}

const requestTo = (path: string): Promise<SeenRequest> =>
  eventually(() => world.crm.requests().findLast((request) => request.path.startsWith(path)), {
    what: `a request to ${path}`,
  });

async function api(method: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${world.service('console').url}${path}`, {
    method,
    headers: { ...authorized(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const authorized = () => ({ authorization: `Bearer ${world.token}` });

async function upload(csv: string): Promise<unknown> {
  const answer = await fetch(`${world.service('console').url}/v1/contact-databases/customers/imports`, {
    method: 'POST',
    headers: { ...authorized(), 'content-type': 'text/csv' },
    body: csv,
  });
  return answer.json();
}

async function openPops(agentId: string): Promise<ScreenPop[]> {
  const answer = await fetch(`${world.service('console').url}/v1/agents/${agentId}/screen-pops`, {
    headers: authorized(),
  });
  return ((await answer.json()) as { pops: ScreenPop[] }).pops;
}

/** What the agent's button does: it opens our own signed address, which this test reaches under another name. */
function press({ action }: ScreenPop): Promise<Response> {
  if (action.kind !== 'navigate') throw new Error(`expected an address, not ${action.kind}`);
  const { pathname, search } = new URL(action.url);
  return fetch(`${world.service('crm-dispatcher').url}${pathname}${search}`);
}

interface Browser {
  /** The newest pop of a site, once it is there. */
  pop(siteId: string, callId?: string): Promise<ScreenPop>;
  close(): void;
}

/** Follows an agent's events as a browser does. */
async function openBrowser(agentId: string): Promise<Browser> {
  const seen: ScreenPop[] = [];
  const url = `${world.service('console').url}/v1/agents/${agentId}/events`;
  const stream = await followServerSent(url, authorized(), ({ event, data }) => {
    if (event === 'state') seen.push(...(JSON.parse(data) as { pops: ScreenPop[] }).pops);
    else if (event === 'screen-pop') note(seen, screenPopNews.parse(JSON.parse(data)));
  });
  return {
    pop: (siteId, callId) =>
      eventually(() => seen.findLast((pop) => pop.site.id === siteId && (callId ?? pop.callId) === pop.callId), {
        what: `the pop of ${siteId}`,
      }),
    close: () => stream.leave(),
  };
}

function note(seen: ScreenPop[], news: ScreenPopNews): void {
  if (news.news === 'offered') seen.push(news.pop);
}
