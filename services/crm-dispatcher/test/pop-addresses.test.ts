import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRpc } from '@patchcord/bus';
import { type PopAction, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { popHandle, readPopToken, signPop } from '../src/domain/pop-token.ts';
import { changed, newCallId, part, tenantId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { allOfRedis } from './redis-content.ts';

const key = 'k'.repeat(32);
const secretKeys = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** What the site was sent, and what it answers. */
const seen: { request: IncomingMessage; body: string }[] = [];
let answer: { status: number; headers: Record<string, string>; body: string };
let site: Server;
let siteUrl = '';
let fixture: Fixture;
/** Where browsers reach the dispatcher. */
let publicUrl = '';

beforeAll(async () => {
  site = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      seen.push({ request, body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  fixture = await startFixture();
  const port = await freePort();
  publicUrl = `http://127.0.0.1:${port}`;
  await fixture.startReplica({
    HTTP_PORT: String(port),
    SCREEN_POP_KEY: key,
    SCREEN_POP_PUBLIC_URL: `${publicUrl}/`,
    SECRETS_KEYS: secretKeys,
  });
  await callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'crm-password', value: 's3cret' }, { timeoutMs: 3000 });
  const basic = { id: 'crm', name: 'CRM', kind: 'basic', username: 'ann', password: 'crm-password' };
  await fixture.config.put(tenantId, 'site-authentication', basic);
});
afterAll(async () => {
  await fixture.stop();
  await new Promise((resolve) => site.close(resolve));
});
beforeEach(() => {
  seen.length = 0;
  answer = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<h1>José</h1>' };
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Popped {
  readonly action: PopAction;
  readonly popId: string;
  readonly agentId: string;
  readonly callId: string;
  readonly token: string;
}

let agents = 0;

/** An answered call of a campaign with this site, and what the agent's browser was told. */
async function popped(id: string, more: object): Promise<Popped> {
  await fixture.addSite(id, { trigger: 'automatic', url: `${siteUrl}/page?x=1`, ...more });
  const [callId, agentId, at] = [newCallId(), `80${++agents}`, new Date().toISOString()];
  const news = await fixture.watch(agentId);
  const interactions = [part(callId, { agent: { agentId }, answeredAt: at })];
  await fixture.publish(changed(callId, 'answered', { at, interactions, queues: [{ queue: id, enteredAt: at }] }));
  const [first] = await eventually(() => (news.length > 0 ? news : undefined));
  if (first?.news !== 'offered') throw new TypeError('nothing was offered');
  const { action, popId } = first.pop;
  return { action, popId, agentId, callId, token: action.url.split('/').at(-1) ?? '' };
}

const page = { method: 'GET', target: 'embedded', authentication: 'crm' } as const;
const at = (token: string): string => `${publicUrl}/v1/pops/${token}`;

describe('addresses of pops that need credentials', () => {
  it('a page - the browser comes to us, the site sees the credentials, the browser sees none', async () => {
    answer.headers['set-cookie'] = 'session=1';
    answer.headers['www-authenticate'] = 'Basic';
    const { action, popId } = await popped('page', page);
    expect(action).toEqual({ kind: 'navigate', url: expect.stringContaining(`${publicUrl}/v1/pops/`) });
    const response = await fetch(action.url, { headers: { cookie: 'mine=1', authorization: 'Bearer mine' } });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<h1>José</h1>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain('sandbox allow-scripts allow-forms allow-popups');
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(seen).toHaveLength(1);
    // Without a table of its own a page is opened as it is, by us as by a browser.
    expect(seen[0]?.request.url).toBe('/page?x=1');
    expect(seen[0]?.request.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ann:s3cret').toString('base64')}`,
      'idempotency-key': popId,
    });
    expect(seen[0]?.request.headers.cookie).toBeUndefined();
  });

  it('expressions of the call are filled for the site, in its address and headers, and the browser learns none', async () => {
    const url = `${siteUrl}/of/{call.from}?lang={ivr.lang|en}&mail={ivr.email}#{call.id}`;
    const headers = { 'X-Caller': '{call.from.number}', 'X-Mail': '{ivr.email}' };
    const { action } = await popped('telling', { ...page, url, headers });
    expect(action.url).not.toContain('4155550123');
    expect((await fetch(action.url)).status).toBe(200);
    expect(seen[0]?.request.url).toBe('/of/%2B14155550123?lang=en');
    expect(seen[0]?.request.headers).toMatchObject({ 'x-caller': '+14155550123' });
    expect(seen[0]?.request.headers).not.toHaveProperty('x-mail');
  });

  it('nothing of it holds the secret: what is pushed, what is read again, what lies in Redis', async () => {
    const pushed = await popped('secretive', page);
    expect((await fetch(pushed.action.url)).status).toBe(200);
    expect(seen[0]?.request.headers.authorization).toContain('YW5uOnMz');
    const stored = (await allOfRedis(fixture.servers.redis.url)).join();
    expect(stored).toContain(`${siteUrl}/page`);
    const all = [pushed, await fixture.openPops(pushed.agentId), stored];
    expect(JSON.stringify(all)).not.toMatch(/s3cret|YW5uOnMz/);
  });

  it.each(['GET', 'POST'] as const)(
    'a form is posted to us with %s - what is sent to the site lies with us',
    async (method) => {
      const parameters = [{ family: 'fixed', key: 'a&b', name: 'x' }];
      const { action } = await popped(`form-${method}`, {
        format: 'urlencoded',
        target: 'new-tab',
        authentication: 'crm',
        parameters,
      });
      expect(action).toMatchObject({ kind: 'form', method: 'POST', fields: [] });
      const body = new URLSearchParams({ evil: '1' });
      const response = await fetch(action.url, method === 'GET' ? {} : { method, body });
      expect(response.status).toBe(method === 'GET' ? 405 : 200);
      expect(seen.map((one) => one.body)).toEqual(method === 'GET' ? [] : ['x=a%26b']);
    },
  );

  it('a request of the page of another origin is let in (CORS), and is the JSON we know', async () => {
    const parameters = [{ family: 'fixed', key: 'v', name: 'x' }];
    const { action } = await popped('json', { method: 'PUT', format: 'json', authentication: 'crm', parameters });
    expect(action).toMatchObject({ kind: 'request', method: 'POST', body: '' });
    const headers = { origin: 'https://console.example', 'access-control-request-method': 'POST' };
    const asked = await fetch(action.url, { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const type = action.kind === 'request' ? action.contentType : '';
    const response = await fetch(action.url, { method: 'POST', headers: { 'content-type': type }, body: '' });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(seen.map(({ request, body }) => [request.method, body])).toEqual([['PUT', '{"x":"v"}']]);
  });

  it('static headers go through us as well', async () => {
    const { action } = await popped('headers', { method: 'GET', target: 'embedded', headers: { 'X-Tenant': 't1' } });
    expect(action.url).toContain('/v1/pops/');
    expect((await fetch(action.url)).status).toBe(200);
    expect(seen[0]?.request.headers['x-tenant']).toBe('t1');
  });

  it('a redirect that keeps the key in its address - the browser does not learn the key', async () => {
    const id = 'key-in-query';
    const query = { id, name: id, kind: 'api-key', in: 'query', field: 'k', key: 'query-key' };
    const secret = { tenantId, id: 'query-key', value: 'k3y-of-the-crm' };
    await callRpc(fixture.bus, rpc.putSecret, secret, { timeoutMs: 3000 });
    await fixture.config.put(tenantId, 'site-authentication', query);
    const { action } = await popped('moving-with-key', { ...page, authentication: id });
    answer = { status: 301, headers: { location: 'https://crm.example/page/?x=1&k=k3y-of-the-crm' }, body: '' };
    const response = await fetch(action.url, { redirect: 'manual' });
    expect(seen[0]?.request.url).toContain('k=k3y-of-the-crm');
    expect(response.headers.get('location')).toBe('https://crm.example/page/?x=1&k=***');
  });

  it('an answer of the site that is no good comes as it is', async () => {
    const { action } = await popped('refusing', page);
    answer = { status: 403, headers: { 'content-type': 'text/plain' }, body: 'no' };
    const response = await fetch(action.url);
    expect([response.status, await response.text()]).toEqual([403, 'no']);
  });

  it.each([
    ['https://crm.example/case/7', 303, 'https://crm.example/case/7'],
    ['/case/7', 502, null],
    ['javascript:alert(1)', 502, null],
  ])('the site sends the browser to %s - %i', async (location, status, passedOn) => {
    const { action } = await popped('moving', page);
    answer = { status: 302, headers: { location }, body: '' };
    const response = await fetch(action.url, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([status, passedOn]);
  });

  it.each([
    ['a status that is none', { status: 999, headers: { 'content-type': 'text/plain' } }, 502],
    ['a type in another alphabet', { status: 200, headers: { 'content-type': 'text/\u00e2\u0082\u00ac' } }, 200],
    [
      'a redirect in another alphabet',
      { status: 302, headers: { location: 'https://crm.example/\u00c3\u00b1\u00e2\u0082\u00ac' } },
      303,
    ],
    ['two types', { status: 200, headers: { 'content-type': 'text/html, text/html' } }, 200],
    ['nothing, and no type', { status: 204, headers: {} }, 204],
  ])('the site answers with %s - that is no fault of ours', async (_name, more, expected) => {
    const { action } = await popped(`odd-${++agents}`, page);
    answer = { body: '', ...more } as typeof answer;
    const response = await fetch(action.url, { redirect: 'manual' });
    expect(response.status).toBe(expected);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('an answer that is no text is not broken on its way, but refused', async () => {
    const { action } = await popped('picture', page);
    answer = { status: 200, headers: { 'content-type': 'image/png' }, body: '\u0089PNG' };
    expect((await fetch(action.url)).status).toBe(502);
  });
});

describe('addresses of pops - who may not come', () => {
  it('what is not signed by us, or changed, or of another tenant - 401', async () => {
    const { token, agentId, popId } = await popped('signed', page);
    const [, handle = '', until = '', signature = ''] = token.split('~');
    const foreign = signPop(Buffer.from('x'.repeat(32)), { tenantId, handle }, Date.now() + 60_000);
    const longer = [tenantId, handle, `z${until}`, signature].join('~');
    const other = ['other', handle, until, signature].join('~');
    const plain = createHmac('sha256', key).update(`${tenantId}~${handle}~${until}`).digest('base64url');
    const wrong = [
      foreign,
      longer,
      other,
      'x',
      `${token}~1`,
      [tenantId, handle, until, plain].join('~'),
      token.slice(0, -1),
    ];
    for (const each of wrong) {
      const response = await fetch(at(each));
      expect([each, response.status]).toEqual([each, 401]);
      expect(response.headers.get('content-type')).toContain('text/plain');
    }
    expect(seen).toEqual([]);
    expect(handle).toBe(popHandle(agentId, popId));
  });

  it('one that has expired - 410; who reads his pops again gets one that serves', async () => {
    const { token, agentId } = await popped('expired', page);
    const [, handle = ''] = token.split('~');
    const old = signPop(Buffer.from(key), { tenantId, handle }, Date.now() - 1000);
    expect((await fetch(at(old))).status).toBe(410);
    expect(seen).toEqual([]);
    const [again] = await fixture.openPops(agentId);
    expect((await fetch(again?.action.url ?? '')).status).toBe(200);
  });

  it('it serves for five minutes, and no longer than what it is of', async () => {
    const { token } = await popped('minutes', page);
    const read = (now: number) => readPopToken(Buffer.from(key), token, now).outcome;
    expect(read(Date.now() + 298_000)).toBe('valid');
    expect(read(Date.now() + 302_000)).toBe('expired');
  });

  it('one whose pop was withdrawn - 410', async () => {
    const { token, agentId, callId } = await popped('withdrawn', page);
    const endedAt = new Date().toISOString();
    const over = { agent: { agentId }, answeredAt: endedAt, state: 'ended', endedAt, endedBy: 'transfer' } as const;
    const queues = [{ queue: 'withdrawn', enteredAt: endedAt }];
    const interactions = [part(callId, over)];
    await fixture.publish(changed(callId, 'agent-released', { at: endedAt, version: 9, interactions, queues }));
    await eventually(async () => (await fixture.openPops(agentId)).length === 0);
    await eventually(async () => (await fetch(at(token))).status === 410);
    expect(seen).toEqual([]);
  });

  it('what a browser fetches in advance - nothing is sent', async () => {
    const { action } = await popped('prefetched', page);
    expect((await fetch(action.url, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
    expect((await fetch(action.url, { method: 'HEAD' })).status).toBe(404);
    expect(seen).toEqual([]);
  });
});
