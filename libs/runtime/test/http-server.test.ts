import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { Failure, type FailureClass } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createHealth, type HttpServer, httpPart, listen } from '../src/index.ts';
import { testServer } from './http-fixture.ts';

const body = z.object({ data: z.object({ rows: z.array(z.object({ value: z.string() })) }) });

async function withRoutes(): Promise<HttpServer> {
  const app = await testServer();
  app.post('/things', { schema: { body, response: { 200: z.object({ count: z.number() }) } } }, async (request) => ({
    count: request.body.data.rows.length,
  }));
  const querystring = z.object({ limit: z.string().regex(/^\d+$/, 'expected digits') });
  app.get('/page', { schema: { querystring } }, async (request) => request.query.limit);
  return app;
}

test('errors - a body that does not fit names path and reason, and nothing is stripped', async () => {
  const app = await withRoutes();
  const answer = await app.inject({
    method: 'POST',
    url: '/things',
    payload: { data: { rows: [{ value: 'a' }, { value: 7 }] } },
  });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    {
      error: {
        code: 'invalid_request',
        message: 'the body is not as expected',
        issues: [
          {
            path: 'data.rows[1].value',
            message: expect.stringContaining('expected string'),
            rule: { name: 'type', names: ['string'] },
          },
        ],
      },
    },
  ]);
});

test('errors - a bad query names its place', async () => {
  const answer = await (await withRoutes()).inject('/page?limit=x');
  expect(answer.json().error.issues).toEqual([{ path: 'query.limit', message: 'expected digits' }]);
});

test.each([
  { what: 'no JSON', payload: '{"data":', type: 'application/json', status: 400, code: 'invalid_request' },
  { what: 'an unknown media type', payload: 'a=b', type: 'text/x', status: 415, code: 'unsupported_media_type' },
  {
    what: 'a body over the limit',
    payload: `"${'x'.repeat(1 << 20)}"`,
    type: 'application/json',
    status: 413,
    code: 'payload_too_large',
  },
])('errors - refuses $what', async ({ payload, type, status, code }) => {
  const app = await withRoutes();
  const answer = await app.inject({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } });
  expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
});

test('limits - a service may take larger bodies', async () => {
  const app = await testServer({ bodyLimit: 4 * 1024 * 1024 });
  app.post('/batch', async (request) => JSON.stringify(request.body).length);
  const payload = JSON.stringify({ data: 'x'.repeat(3 * 1024 * 1024) });
  const answer = await app.inject({
    method: 'POST',
    url: '/batch',
    payload,
    headers: { 'content-type': 'application/json' },
  });
  expect([answer.statusCode, answer.body]).toEqual([200, String(payload.length)]);
});

test('errors - an unknown route is told as JSON', async () => {
  const answer = await (await withRoutes()).inject('/nothing/here?ani=4155550123');
  expect([answer.statusCode, answer.json()]).toEqual([
    404,
    { error: { code: 'not_found', message: 'there is no GET /nothing/here; see /docs' } },
  ]);
});

test.each<[FailureClass, string, number]>([
  ['permanent', 'not_found', 404],
  ['permanent', 'revision_conflict', 412],
  ['permanent', 'config_invalid', 422],
  ['permanent', 'forbidden', 403],
  ['permanent', 'something_new', 422],
  ['own-trouble', 'no_responders', 503],
  ['own-trouble', 'not_found', 503],
  ['transient', 'timeout', 502],
  ['destination-gone', 'gone', 502],
])('errors - a %s failure %s is answered %i', async (failureClass, code, status) => {
  const app = await testServer();
  app.get('/fails', async () => {
    throw new Failure(failureClass, code, 'told to the client');
  });
  const answer = await app.inject('/fails');
  expect([answer.statusCode, answer.json()]).toEqual([status, { error: { code, message: 'told to the client' } }]);
  expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
});

test('errors - a throttled failure tells when to come back', async () => {
  const app = await testServer();
  app.get('/fails', async () => {
    throw new Failure('throttled', 'http_429', 'later', { retryAt: new Date(Date.now() + 29_500) });
  });
  const answer = await app.inject('/fails');
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '30']);
});

test('errors - issues of a refused configuration are shown', async () => {
  const app = await testServer();
  app.get('/fails', async () => {
    const issues = [{ path: 'sites[0]', expected: 'an existing external-site' }];
    throw Object.assign(new Failure('permanent', 'config_invalid', 'refused'), { issues });
  });
  expect((await app.inject('/fails')).json().error.issues).toEqual([
    { path: 'sites[0]', message: 'expected an existing external-site' },
  ]);
});

test('errors - a defect is answered 500 without its text, also when the route declares its answers', async () => {
  const app = await testServer();
  app.get('/fails', { schema: { response: { 500: z.object({ other: z.string() }) } } }, async () => {
    throw new Error('connect to 10.0.0.7 with password hunter2');
  });
  const answer = await app.inject('/fails');
  expect([answer.statusCode, answer.json()]).toEqual([
    500,
    { error: { code: 'internal', message: 'an internal error; it was logged' } },
  ]);
});

test('headers - every answer forbids sniffing, framing and scripts', async () => {
  const app = await withRoutes();
  for (const url of ['/livez', '/nothing']) {
    expect((await app.inject(url)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  }
});

test('docs - OpenAPI 3.1 of the routes, and a page that loads nothing from elsewhere', async () => {
  const app = await withRoutes();
  const document = (await app.inject('/openapi.json')).json();
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Test' } });
  expect(Object.keys(document.paths)).toEqual(['/things', '/page']);
  const page = await app.inject('/docs/');
  expect(page.statusCode).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  const [, allowed = ''] = /script-src 'self'([^;]*);/.exec(policy) ?? [];
  const inline = [...page.body.matchAll(/<script[^>]*>([^<]+)<\/script>/g)].map(([, script = '']) => script);
  const hashes = inline.map((script) => ` 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(inline.length).toBeGreaterThan(0);
  // Any script that stood in the page was allowed to run.
  expect(allowed).toBe(hashes.join(''));
  const scripts = [...page.body.matchAll(/src="([^"]+)"/g)].map((match) => match[1]);
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).not.toMatch(/^(https?:)?\/\//);
});

test('health - ready is 503 with the name of what does not answer, and nothing of its error', async () => {
  const hangs = (): Promise<void> => new Promise(() => undefined);
  const refused = (): Promise<void> => Promise.reject(new Error('connect nats://user:hunter2@nats'));
  const health = createHealth(
    { nats: refused, redis: hangs, worker: () => true, other: async () => undefined },
    { timeoutMs: 50 },
  );
  const app = await testServer({ health });
  expect((await app.inject('/livez')).statusCode).toBe(200);
  const answer = await app.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json().checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([
    { name: 'nats', ok: false, durationMs: expect.any(Number) },
    { name: 'redis', ok: false, durationMs: expect.any(Number) },
  ]);
  expect(answer.body).not.toContain('hunter2');
});

test('health - a probe that throws or says false at once is not ready', async () => {
  const throws = (): boolean => {
    throw new Error('x');
  };
  expect((await createHealth({ throws })()).ready).toBe(false);
  expect((await createHealth({ stopped: () => false })()).ready).toBe(false);
  expect((await createHealth({})()).ready).toBe(true);
});

test('listen - a busy port is told with its number and its setting', async () => {
  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void busy.close());
  const address = busy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const app = await testServer();
  await expect(listen(app, { host: '127.0.0.1', port, portVariable: 'CONSOLE_PORT' })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use: stop what uses it, or set CONSOLE_PORT`,
  );
});

test('closing - what is being answered is finished, and an idle kept-alive connection does not hold the stop', async () => {
  let release = (): void => undefined;
  const part = httpPart({
    host: '127.0.0.1',
    port: 0,
    create: async () => {
      const app = await testServer();
      app.get('/slow', () => new Promise((resolve) => (release = () => resolve('done'))));
      return app;
    },
  });
  await part.start?.();
  const url = new URL(part.url ?? '');
  const idle = connect(Number(url.port), url.hostname);
  onTestFinished(() => void idle.destroy());
  const slow = fetch(new URL('/slow', url));
  await expect.poll(() => release.toString()).toContain('resolve');
  const startedAt = performance.now();
  const stopped = part.stop?.();
  release();
  expect(await (await slow).text()).toBe('done');
  await stopped;
  expect(performance.now() - startedAt).toBeLessThan(2500);
});
