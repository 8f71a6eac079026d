import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { eventually, recordingServer, type ServerAnswer } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EgressOutcome } from '../src/index.ts';
import { fixture } from './servers.ts';
import { type SiteFixture, siteFixture, verdict } from './site-fixture.ts';

type RecordingServer = Awaited<ReturnType<typeof recordingServer>>;

const password = 's3cret-of-the-crm';
const json = { 'content-type': 'application/json; charset=utf-8' };

let site: SiteFixture;
let crm: RecordingServer;
let login: RecordingServer;
let answer: () => ServerAnswer;
/** What the login waits for before it answers. */
let waitFor: Promise<void>;
/** Tokens that the CRM takes. */
let valid: Set<string>;
let given = 0;

beforeEach(async () => {
  site = siteFixture({ pw: password });
  valid = new Set();
  given = 0;
  waitFor = Promise.resolve();
  answer = () => ({ headers: json, body: JSON.stringify({ token: newToken(), expires_in: 600 }) });
  login = await recordingServer(() => waitFor.then(() => answer()));
  crm = await recordingServer(({ headers }) => ({
    status: valid.has(String(headers.authorization).replace('Bearer ', '')) ? 200 : 401,
  }));
});
afterEach(async () => {
  await site.authenticator.settled();
  await site.close();
  await login.close();
  await crm.close();
});

function newToken(): string {
  given += 1;
  valid.add(`t-${given}`);
  return `t-${given}`;
}

type LoginInput = Extract<NonNullable<Parameters<SiteFixture['send']>[0]>, { kind: 'login-token' }>;
const base = (): LoginInput => ({
  id: 'oml',
  name: 'OML',
  kind: 'login-token',
  tokenUrl: `${login.url}/token`,
  username: 'patchcord',
  password: 'pw',
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
});
type More = Partial<LoginInput>;
const send = (more: More = {}): Promise<EgressOutcome> =>
  site.send({ ...base(), ...more }, { url: crm.url, body: '{"n":1}' });
const answered = (body: unknown, more: ServerAnswer = {}): void => {
  answer = () => ({ headers: json, body: typeof body === 'string' ? body : JSON.stringify(body), ...more });
};

describe('login token - asking for it', () => {
  it('posts the two fields as JSON and sends the token by the header and prefix of the site', async () => {
    await send({ usernameField: 'user', passwordField: 'pass', header: 'X-Session', prefix: 'Token ' });
    expect(login.seen[0]).toMatchObject({ method: 'POST', url: '/token' });
    expect(JSON.parse(login.seen[0]?.body ?? '')).toEqual({ user: 'patchcord', pass: password });
    expect(login.seen[0]?.headers['content-type']).toBe('application/json');
    expect(crm.seen[0]?.headers['x-session']).toBe('Token t-1');
  });

  it('reads token and lifetime at paths of keys', async () => {
    answered({ data: { list: [{ jwt: newToken() }], life: { s: '120' } } });
    expect(verdict(await send({ tokenField: 'data.list.0.jwt', lifetimeField: 'data.life.s' }))).toBe('200');
    site.advance(107_000);
    await send({ tokenField: 'data.list.0.jwt', lifetimeField: 'data.life.s' });
    expect(login.seen).toHaveLength(1);
    site.advance(14_000);
    await send({ tokenField: 'data.list.0.jwt', lifetimeField: 'data.life.s' });
    expect(login.seen).toHaveLength(2);
  });

  it('a lifetime of the settings wins over the one of the answer', async () => {
    await send({ lifetimeSeconds: 10 });
    site.advance(10_000);
    await send({ lifetimeSeconds: 10 });
    expect(login.seen).toHaveLength(2);
  });

  it.each([{}, { expires_in: 'soon' }, { expires_in: 0 }, { expires_in: -5 }, { expires_in: null }])(
    'a lifetime that cannot be read (%j) is a minute',
    async (more) => {
      answer = () => ({ headers: json, body: JSON.stringify({ token: newToken(), ...more }) });
      await send();
      site.advance(50_000);
      await send();
      expect(login.seen).toHaveLength(1);
      site.advance(11_000);
      await send();
      expect(login.seen).toHaveLength(2);
    },
  );

  it.each([
    [201, '200'],
    [302, '200'],
  ])('an answer with the status %i and a token in JSON is a token', async (status, expected) => {
    answered({ token: newToken(), expires_in: 60 }, { status });
    expect(verdict(await send())).toBe(expected);
  });
});

describe('login token - what goes wrong', () => {
  it.each([
    ['text', 'permanent token_response_invalid', { body: 'token=1', headers: { 'content-type': 'text/plain' } }],
    ['JSON that says it is HTML', 'permanent token_response_invalid', { headers: { 'content-type': 'text/html' } }],
    ['half of JSON', 'permanent token_response_invalid', { body: '{"token":"secret-half' }],
    ['no token', 'permanent token_missing', { body: '{"jwt":"secret-other"}' }],
    ['a token that is an object', 'permanent token_missing', { body: '{"token":{"secret":1}}' }],
    ['a token with a line break', 'permanent token_response_invalid', { body: '{"token":"secret\\r\\nx: 1"}' }],
    ['400', 'permanent credentials_refused', { status: 400 }],
    ['401', 'permanent credentials_refused', { status: 401, body: '{"error":"secret"}' }],
    ['403', 'permanent credentials_refused', { status: 403 }],
    ['404', 'permanent token_http_404', { status: 404 }],
    ['410', 'permanent token_http_410', { status: 410 }],
    ['429', 'throttled token_http_429', { status: 429 }],
    ['500', 'transient token_http_500', { status: 500 }],
    ['a redirect without JSON', 'permanent token_response_invalid', { status: 302, headers: { location: '/x' } }],
  ] as const)('%s is %s', async (_name, expected, more) => {
    answered({ token: 'secret-token', expires_in: 60 }, more);
    const outcome = await send();
    expect(verdict(outcome)).toBe(expected);
    expect(crm.seen).toEqual([]);
    expect(JSON.stringify([outcome, outcome.ok ? '' : outcome.failure.message])).not.toMatch(/secret|s3cret/);
  });

  it('a token endpoint that is down is passing, and its failure is not of the site', async () => {
    await login.close();
    const outcome = await send();
    expect(verdict(outcome)).toBe('transient token_connection_refused');
    expect(outcome.status).toBeUndefined();
  });

  it('a token endpoint inside the network is refused like any address', async () => {
    expect(verdict(await send({ egress: { allowHttp: true } }))).toBe('permanent token_address_refused');
  });

  it('a token endpoint that hangs is given up after its own time', async () => {
    const gate = Promise.withResolvers<void>();
    waitFor = gate.promise;
    expect(verdict(await send({ timeoutMs: 200 }))).toBe('transient token_timeout');
    gate.resolve();
  });

  it('wrong credentials are shown once, not with each request; others are tried at once', async () => {
    answered('{}', { status: 401 });
    expect(verdict(await send())).toBe('permanent credentials_refused');
    expect(verdict(await send())).toBe('permanent credentials_refused');
    expect(login.seen).toHaveLength(1);
    site.secrets.set('pw', 'the-right-one');
    answered({ token: newToken(), expires_in: 60 });
    expect(verdict(await send())).toBe('200');
    expect(login.seen).toHaveLength(2);
  });
});

describe('login token - its life', () => {
  it('fifty requests at once need one token', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(new Set(outcomes.map(verdict))).toEqual(new Set(['200']));
    expect(login.seen).toHaveLength(1);
  });

  it('is renewed before it ends, and no request waits for that', async () => {
    await send();
    site.advance(571_000);
    const gate = Promise.withResolvers<void>();
    const renewed = answer();
    waitFor = gate.promise;
    answer = () => renewed;
    expect(verdict(await send())).toBe('200');
    expect(crm.seen.at(-1)?.headers.authorization).toBe('Bearer t-1');
    await eventually(() => login.seen.length === 2);
    gate.resolve();
    await site.authenticator.settled();
    await send();
    expect(crm.seen.at(-1)?.headers.authorization).toBe('Bearer t-2');
    expect(login.seen).toHaveLength(2);
  });

  it('goes on being used to its end when it cannot be renewed, and the endpoint is not asked with each request', async () => {
    await send();
    site.advance(571_000);
    answered('', { status: 503 });
    for (let n = 0; n < 5; n += 1) {
      expect(verdict(await send())).toBe('200');
      await site.authenticator.settled();
    }
    expect(login.seen).toHaveLength(2);
    site.advance(29_000);
    expect(verdict(await send())).toBe('transient token_http_503');
  });

  it('401 in the middle of its life - one new token, the same request again, and no more', async () => {
    await send();
    valid.clear();
    expect(verdict(await send())).toBe('200');
    expect(login.seen).toHaveLength(2);
    expect(crm.seen.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ['Bearer t-1', '{"n":1}'],
      ['Bearer t-1', '{"n":1}'],
      ['Bearer t-2', '{"n":1}'],
    ]);
  });

  it('401 for ever - two requests, two tokens, and the answer of the site', async () => {
    answer = () => ({ headers: json, body: JSON.stringify({ token: `refused-${login.seen.length}`, expires_in: 60 }) });
    const outcome = await send();
    expect([verdict(outcome), outcome.status]).toEqual(['permanent http_401', 401]);
    expect([crm.seen.length, login.seen.length]).toEqual([2, 2]);
  });

  it('401 for ever - the token endpoint is not asked with each request, and asked again after a while', async () => {
    answer = () => ({
      headers: json,
      body: JSON.stringify({ token: `refused-${login.seen.length}`, expires_in: 600 }),
    });
    for (let n = 0; n < 10; n += 1) expect((await send()).status).toBe(401);
    expect([crm.seen.length, login.seen.length]).toEqual([11, 2]);
    site.advance(30_000);
    answer = () => ({ headers: json, body: JSON.stringify({ token: newToken(), expires_in: 600 }) });
    expect(verdict(await send())).toBe('200');
    expect(login.seen).toHaveLength(3);
  });

  it('fifty requests that meet a 401 at once renew it once', async () => {
    await send();
    valid.clear();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(new Set(outcomes.map(verdict))).toEqual(new Set(['200']));
    expect(login.seen).toHaveLength(2);
  });

  it('a 401 when no new token can be had is the failure of the token', async () => {
    await send();
    valid.clear();
    answered('', { status: 503 });
    expect(verdict(await send())).toBe('transient token_http_503');
  });

  it('a changed password or user means another token, a changed name does not', async () => {
    await send();
    await send({ username: 'another', name: 'Renamed' });
    site.secrets.set('pw', 'changed');
    await send({ username: 'another' });
    expect(login.seen).toHaveLength(3);
  });

  it('a request that is called off while it waits ends, and the token is still fetched', async () => {
    const gate = Promise.withResolvers<void>();
    waitFor = gate.promise;
    const controller = new AbortController();
    const sent = site.send(base(), { url: crm.url, signal: controller.signal });
    await eventually(() => login.seen.length === 1);
    controller.abort();
    expect(verdict(await sent)).toBe('own-trouble aborted');
    gate.resolve();
    await site.authenticator.settled();
    expect(verdict(await send())).toBe('200');
    expect(login.seen).toHaveLength(1);
  });
});

describe('login token - TLS', () => {
  it.each([
    [true, /^permanent token_tls_/],
    [false, /^200$/],
  ])('verification %s of a certificate that nobody signed: %s', async (verify, expected) => {
    const server = createServer({ cert: fixture('good.crt'), key: fixture('good.key') }, (_request, response) => {
      response.writeHead(200, json).end(JSON.stringify({ token: newToken(), expires_in: 60 }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const tokenUrl = `https://localhost:${(server.address() as AddressInfo).port}/`;
    expect(verdict(await send({ tokenUrl, tls: { verify } }))).toMatch(expected);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
