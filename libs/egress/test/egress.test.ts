import { egressPolicy } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgress, type Egress, type EgressOutcome, type EgressRequest } from '../src/index.ts';
import { fixture, httpServer, httpsServer, type TestServer, tcpServer } from './servers.ts';

const onPremises = egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.0/8', '::1/128'] });
const publicOnly = egressPolicy.parse({ allowHttp: true });

let egress: Egress;
let server: TestServer | undefined;
beforeEach(() => {
  egress = createEgress({ maxResponseBytes: 64 * 1024 });
});
afterEach(async () => {
  await egress.close();
  await server?.close();
  server = undefined;
});

const send = (url: string, more: Partial<EgressRequest> = {}): Promise<EgressOutcome> =>
  egress.send({ method: 'POST', url, headers: {}, body: '{}', timeoutMs: 5000, policy: onPremises, ...more });

/** Class and code of the failure, or `ok`. */
const verdict = (outcome: EgressOutcome): string =>
  outcome.ok ? 'ok' : `${outcome.failure.class} ${outcome.failure.code}`;

async function answering(status: number, headers: Record<string, string> = {}, body = ''): Promise<EgressOutcome> {
  server = await httpServer((_request, response) => response.writeHead(status, headers).end(body));
  return send(`http://127.0.0.1:${server.port}/`);
}

describe('egress', () => {
  it('sends - method, path, headers and exactly the bytes that it was given', async () => {
    const seen: unknown[] = [];
    server = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, key: headers['idempotency-key'], body: Buffer.concat(chunks).toString() });
        response.writeHead(201, { 'X-Id': '7' }).end('{"ok":true}');
      });
    });
    const body = '{"b":1,"a":"José"}';
    const outcome = await send(`http://127.0.0.1:${server.port}/calls?x=1`, {
      headers: { 'Idempotency-Key': 'w.1' },
      body,
      method: 'PUT',
    });
    expect(outcome).toMatchObject({ ok: true, status: 201, headers: { 'x-id': '7' }, body: '{"ok":true}' });
    expect(seen).toEqual([{ method: 'PUT', url: '/calls?x=1', key: 'w.1', body }]);
  });

  it('keeps connections - ten requests one after another do not need ten', async () => {
    server = await httpServer((_request, response) => response.end());
    for (let n = 0; n < 10; n += 1) expect(verdict(await send(`http://127.0.0.1:${server.port}/`))).toBe('ok');
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('egress - what a status means', () => {
  it.each([
    [204, 'ok'],
    [304, 'permanent redirect_refused'],
    [400, 'permanent http_400'],
    [401, 'permanent http_401'],
    [403, 'permanent http_403'],
    [404, 'permanent http_404'],
    [408, 'transient http_408'],
    [410, 'destination-gone http_410'],
    [422, 'permanent http_422'],
    [425, 'transient http_425'],
    [429, 'throttled http_429'],
    [500, 'transient http_500'],
    [502, 'transient http_502'],
    [503, 'transient http_503'],
    [504, 'transient http_504'],
  ])('%i is %s', async (status, expected) => {
    const outcome = await answering(status);
    expect(verdict(outcome)).toBe(expected);
    if (!outcome.ok) expect(outcome.failure.status).toBe(status);
  });

  it.each([
    ['seconds', '120', 120_000],
    ['more than an hour', '86400', 3_600_000],
    ['a date that is over', 'Fri, 20 Nov 2020 00:00:00 GMT', 1000],
    ['nonsense', '-5', 30_000],
  ])('429 waits as Retry-After says: %s', async (_what, value, expectedMs) => {
    const before = Date.now();
    const outcome = await answering(429, { 'Retry-After': value });
    const retryAt = outcome.ok ? 0 : (outcome.failure.retryAt?.getTime() ?? 0);
    // It counts from the answer, which came between the two.
    expect(retryAt).toBeGreaterThanOrEqual(before + expectedMs);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + expectedMs);
  });

  it('429 waits as Retry-After says: a date', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    const outcome = await answering(429, { 'Retry-After': date });
    expect(outcome.ok ? undefined : outcome.failure.retryAt?.toUTCString()).toBe(date);
  });

  it('503 with Retry-After is throttled', async () => {
    expect(verdict(await answering(503, { 'Retry-After': '3' }))).toBe('throttled http_503');
  });

  it('keeps what the destination said about a refusal', async () => {
    expect(await answering(422, {}, '{"error":"unknown field"}')).toMatchObject({ body: '{"error":"unknown field"}' });
  });

  it('follows no redirect, and names its host', async () => {
    const outcome = await answering(302, { Location: 'http://169.254.169.254/latest/meta-data' });
    expect(verdict(outcome)).toBe('permanent redirect_refused');
    expect(outcome.ok ? '' : outcome.failure.message).toContain('169.254.169.254');
  });
});

describe('egress - peers that misbehave', () => {
  const timed = async (outcome: Promise<EgressOutcome>): Promise<[string, number]> => {
    const begin = performance.now();
    return [verdict(await outcome), performance.now() - begin];
  };

  it('no headers - ends at the deadline', async () => {
    server = await httpServer(() => {});
    const [seen, tookMs] = await timed(send(`http://127.0.0.1:${server.port}/`, { timeoutMs: 200 }));
    expect(seen).toBe('transient timeout');
    expect(tookMs).toBeLessThan(1000);
    await eventually(() => server?.open() === 0);
  });

  it('a body that drips - ends at the deadline all the same', async () => {
    server = await httpServer((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const [seen, tookMs] = await timed(send(`http://127.0.0.1:${server.port}/`, { timeoutMs: 200 }));
    expect(seen).toBe('transient timeout');
    expect(tookMs).toBeLessThan(1000);
    await eventually(() => server?.open() === 0);
  });

  it('a TLS peer that never speaks - ends at the deadline', async () => {
    server = await tcpServer(() => {});
    const [seen, tookMs] = await timed(send(`https://127.0.0.1:${server.port}/`, { timeoutMs: 200 }));
    expect(seen).toBe('transient timeout');
    expect(tookMs).toBeLessThan(1000);
  });

  it('a huge body - is read up to the cap and its connection destroyed', async () => {
    server = await httpServer((_request, response) => {
      response.writeHead(200);
      response.on('error', () => {});
      const chunk = Buffer.alloc(64 * 1024);
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pour);
      pour();
    });
    const outcome = await send(`http://127.0.0.1:${server.port}/`);
    expect(verdict(outcome)).toBe('permanent response_too_large');
    expect(outcome.body?.length).toBe(64 * 1024);
    await eventually(() => server?.open() === 0);
  });

  it.each([
    ['closes without an answer', (socket: { destroy(): void }) => socket.destroy(), 'transient connection_reset'],
    ['resets', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy(), 'transient connection_reset'],
    ['is no HTTP', (socket: { end(text: string): void }) => socket.end('SSH-2.0-x\r\n'), 'transient protocol_error'],
  ])('%s', async (_what, act, expected) => {
    server = await tcpServer((socket) => {
      socket.once('data', () => act(socket));
    });
    expect(verdict(await send(`http://127.0.0.1:${server.port}/`))).toBe(expected);
  });

  it('stops in the middle of a body', async () => {
    server = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    });
    expect(verdict(await send(`http://127.0.0.1:${server.port}/`))).toBe('transient connection_reset');
  });

  it('nobody listens', async () => {
    const gone = await tcpServer(() => {});
    await gone.close();
    expect(verdict(await send(`http://127.0.0.1:${gone.port}/`))).toBe('transient connection_refused');
  });

  it('a name that does not exist - is not our own trouble', async () => {
    const outcome = await send('https://does-not-exist.invalid/', { timeoutMs: 10_000 });
    // A machine without any resolver answers EAI_AGAIN: then it is ours.
    expect(['transient dns_not_found', 'own-trouble dns_unavailable']).toContain(verdict(outcome));
  });

  it('is called off - own trouble, at once', async () => {
    server = await httpServer(() => {});
    const controller = new AbortController();
    const outcome = send(`http://127.0.0.1:${server.port}/`, { signal: controller.signal });
    await eventually(() => server?.open() === 1);
    controller.abort();
    expect(verdict(await outcome)).toBe('own-trouble aborted');
  });
});

describe('egress - TLS', () => {
  const overTls = async (certificate: string): Promise<string> => {
    server = await httpsServer(certificate, (_request, response) => response.end());
    egress = createEgress({ ca: fixture(`${certificate}.crt`) });
    return verdict(await send(`https://localhost:${server.port}/`));
  };

  it('a trusted certificate', async () => expect(await overTls('good')).toBe('ok'));

  it('a certificate for another host', async () =>
    expect(await overTls('other')).toBe('permanent tls_cert_altname_invalid'));

  it('an expired certificate', async () => expect(await overTls('expired')).toBe('permanent tls_cert_has_expired'));

  it('a certificate that nobody trusted', async () => {
    server = await httpsServer('good', (_request, response) => response.end());
    expect(verdict(await send(`https://localhost:${server.port}/`))).toBe('permanent tls_depth_zero_self_signed_cert');
  });

  it('a plain server where TLS was expected', async () => {
    server = await tcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(verdict(await send(`https://localhost:${server.port}/`))).toBe('transient tls_handshake_failed');
  });
});

describe('egress - addresses', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[::127.0.0.1]',
    '[fec0::1]',
    '2130706433',
    '0x7f.1',
    '0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[fe80::1]',
    '[fd00::1]',
  ])('refuses %s', async (host) => {
    server = await httpServer((_request, response) => response.end());
    const outcome = await send(`http://${host}:${server.port}/`, { policy: publicOnly });
    expect(verdict(outcome)).toBe('permanent address_refused');
    expect(server.connections()).toBe(0);
  });

  it('an allow-list opens its ranges and nothing else', async () => {
    server = await httpServer((_request, response) => response.end());
    const policy = egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.1/32'] });
    expect(verdict(await send(`http://127.0.0.1:${server.port}/`, { policy }))).toBe('ok');
    expect(verdict(await send(`http://localhost:${server.port}/`, { policy }))).toBe('ok');
    expect(verdict(await send(`http://127.0.0.2:${server.port}/`, { policy }))).toBe('permanent address_refused');
    expect(verdict(await send(`http://[::ffff:127.0.0.1]:${server.port}/`, { policy }))).toBe(
      'permanent address_refused',
    );
  });

  it('a connection that one policy allowed serves no other', async () => {
    server = await httpServer((_request, response) => response.end());
    const url = `http://127.0.0.1:${server.port}/`;
    expect(verdict(await send(url))).toBe('ok');
    expect(verdict(await send(url, { policy: publicOnly }))).toBe('permanent address_refused');
    expect(server.connections()).toBe(1);
  });
});

describe('egress - requests that are refused before they leave', () => {
  const refused = async (url: string, more: Partial<EgressRequest> = {}): Promise<string> =>
    verdict(await send(url, { policy: egressPolicy.parse({}), ...more }));

  it.each([
    ['http://crm.example/', 'permanent http_refused'],
    ['ftp://crm.example/', 'permanent url_invalid'],
    ['crm.example', 'permanent url_invalid'],
    ['https://user:secret@crm.example/', 'permanent url_invalid'],
  ])('%s', async (url, expected) => expect(await refused(url)).toBe(expected));

  it.each([
    [{ 'X-Name': 'a\r\nX-Other: b' }],
    [{ 'X-Name': 'a\nb' }],
    [{ 'X-Name\r\nX-Other': 'a' }],
    [{ 'X-Name': 'José ✓' }],
    [{ Host: 'other.example' }],
    [{ 'Transfer-Encoding': 'chunked' }],
    [{ 'content-length': '0' }],
  ])('headers %j', async (headers) => {
    expect(await refused('https://crm.example/', { headers })).toBe('permanent header_invalid');
  });
});
