import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { emptyTenantConfig, type IdentifyReply, identification, siteAuthentication } from '@patchcord/contracts';
import { createBreakers, createEgress, createSiteAuthenticator, type StoredToken } from '@patchcord/egress';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdentify } from '../src/usecases/identify.ts';
import { tenantId } from './call.ts';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The service that is asked; what it does is set by each test. */
const received: Received[] = [];
let answer: (response: ServerResponse, nth: number) => void;
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body });
    answer(response, received.length);
  });
});
const says = (json: unknown, status = 200) => {
  answer = (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof json === 'string' ? json : JSON.stringify(json));
};

let url: string;
const egress = createEgress({ userAgent: 'Patchcord' });
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/identify?from=pbx`;
});
afterAll(async () => {
  await egress.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  says({ status: 'ok', destination: 'true' });
});

const kept = new Map<string, StoredToken>();
const authenticator = createSiteAuthenticator({
  egress,
  secret: async (_tenant, id) => `value of ${id}`,
  storeSecret: async () => undefined,
  tokens: {
    get: async (_tenant, key) => kept.get(key),
    put: async (_tenant, key, token) => void kept.set(key, token),
    remove: async (_tenant, key) => void kept.delete(key),
    lock: async () => async () => undefined,
  },
});

const tries: [string, string][] = [];
function identifier(more: object = {}, breakers = createBreakers({ failures: 100 }), tokenUrl = url) {
  const node = identification.parse({
    id: 'customer',
    name: 'Customer',
    kind: 'destination',
    url,
    timeoutMs: 2000,
    onSuccess: { type: 'queue', target: 'known' },
    onFailure: { type: 'queue', target: 'unknown' },
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
    ...more,
  });
  const key = siteAuthentication.parse({ id: 'key', name: 'Key', kind: 'bearer', token: 'crm-token' });
  const login = siteAuthentication.parse({
    id: 'login',
    name: 'Log-in',
    kind: 'login-token',
    tokenUrl,
    username: 'patchcord',
    password: 'pw',
    timeoutMs: 1000,
    egress: node.egress,
  });
  const config = {
    ...emptyTenantConfig(),
    identification: new Map([[node.id, node]]),
    'site-authentication': new Map([
      [key.id, key],
      [login.id, login],
    ]),
  };
  return createIdentify({
    config: { tenant: () => config },
    authenticator,
    breakers,
    metrics: { request: ({ key: place }, outcome) => void tries.push([place, outcome]) },
  });
}

const question = { tenantId, identificationId: 'customer', digits: '4711', budgetMs: 1000 };
const caller = { callId: 'c-1', ani: '+14155550123', dnis: '+12025550100' };
const ask = (more: object = {}, budgetMs = 1000, tokenUrl = url): Promise<IdentifyReply> =>
  identifier(more, undefined, tokenUrl)({ ...question, ...caller, budgetMs });
const codeOf = async (reply: Promise<IdentifyReply>): Promise<string> => {
  const settled = await reply;
  return settled.outcome === 'failed' ? settled.failure.code : settled.outcome;
};

describe('what is sent', () => {
  it('exactly what OMniLeads sends: a form of one field, under its name', async () => {
    await ask();
    expect(received).toHaveLength(1);
    const { method, url: path, headers, body } = received[0] as Received;
    expect([method, path, body]).toEqual(['POST', '/identify?from=pbx', 'idContact=4711']);
    expect(headers).toMatchObject({
      'user-agent': 'OMniLeads',
      'content-type': 'application/x-www-form-urlencoded',
      accept: '*/*',
      'content-length': '14',
    });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('who calls whom only when the node says so, as ourselves', async () => {
    await ask({ send: 'full' });
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({
      idContact: '4711',
      caller: '+14155550123',
      called: '+12025550100',
      call_id: 'c-1',
    });
    expect(received[0]?.headers['user-agent']).toBe('Patchcord');
  });

  it('what is not known is not sent, and no digit changes the form', async () => {
    await identifier({ send: 'full' })({ ...question, digits: '12*#' });
    expect(received[0]?.body).toBe('idContact=12*%23');
  });

  it('the credentials of the node', async () => {
    await ask({ authentication: 'key' });
    expect(received[0]?.headers.authorization).toBe('Bearer value of crm-token');
  });
});

describe('what is answered', () => {
  it.each([
    [{ status: 'ok', destination: 'true' }, 'ok', 'true'],
    [{ status: 'ok', destination: true }, 'ok', 'true'],
    [{ status: 'ok', destination: false }, 'ok', 'false'],
    [{ status: ' OK ', destination: ' 1,3 ' }, 'ok', '1,3'],
    [{ status: 'fail', destination: 'false' }, 'fail', 'false'],
    [{ status: 'fail' }, 'fail', ''],
    [{ status: 'fail', destination: null }, 'fail', ''],
    [{ status: 'ok', destination: 7, more: 'is ignored' }, 'ok', '7'],
    [' \n\uFEFF{"status":"ok","destination":"1,3"}\n'.trimStart(), 'ok', '1,3'],
  ])('%j', async (body, status, destination) => {
    says(body);
    expect(await ask()).toMatchObject({ outcome: 'answered', status, destination });
  });

  it.each([
    'true',
    'not json',
    '',
    '[]',
    'null',
    '{"status":"ok","destination":{"a":1}}',
    '{"status":"perhaps","destination":"true"}',
    '{"destination":"true"}',
    '<html>Log in</html>',
    `{"status":"ok","destination":"${'9'.repeat(300)}"}`,
  ])('%j is a failure, not a destination', async (body) => {
    says(body);
    expect(await codeOf(ask())).toBe('answer_unreadable');
    expect(received).toHaveLength(1);
  });

  it.each([404, 401, 400])('HTTP %i is a failure that is not tried again', async (status) => {
    says({ status: 'ok', destination: 'true' }, status);
    expect(await codeOf(ask())).toBe(`http_${status}`);
    expect(received).toHaveLength(1);
  });
});

describe('a service in trouble', () => {
  it('that hangs is answered for within the budget', async () => {
    answer = () => undefined;
    const begin = performance.now();
    expect(await codeOf(ask({}, 200))).toBe('timeout');
    expect(performance.now() - begin).toBeLessThan(450);
  });

  it("the node's own time holds when the caller would wait longer", async () => {
    answer = () => undefined;
    const begin = performance.now();
    expect(await codeOf(ask({ timeoutMs: 100 }, 3000))).toBe('timeout');
    expect(performance.now() - begin).toBeLessThan(400);
  });

  it('whose log-in hangs is answered for within the budget', async () => {
    const { origin } = new URL(url);
    answer = () => {};
    const startedAt = performance.now();
    expect(await codeOf(ask({ authentication: 'login' }, 300, `${origin}/token`))).toBe('timeout');
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(received.map((one) => one.url)).toEqual(['/token']);
  });

  it('that answers late has not answered, and the next caller is not given that answer', async () => {
    let late: ServerResponse | undefined;
    answer = (response) => {
      late = response;
    };
    expect(await codeOf(ask({}, 150))).toBe('timeout');
    late?.end('{"status":"ok","destination":"1,3"}');
    says({ status: 'fail' });
    expect(await ask()).toMatchObject({ status: 'fail' });
  });

  it('that dies in the middle of its answer is asked once more', async () => {
    answer = (response, nth) => {
      if (nth > 1) response.end('{"status":"ok","destination":"true"}');
      else response.write('{"status":', () => response.destroy());
    };
    expect(await ask()).toMatchObject({ outcome: 'answered', destination: 'true' });
    expect(received).toHaveLength(2);
  });

  it('that sends no end of bytes is cut off', async () => {
    answer = (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await codeOf(ask())).toBe('response_too_large');
  });

  it('that fails again and again is left alone, and comes back', async () => {
    const breakers = createBreakers({ failures: 3, openMs: 200 });
    const identify = identifier({}, breakers);
    says('{}', 503);
    await eventually(async () => (await codeOf(identify(question))) === 'circuit_open');
    const before = received.length;
    expect(await codeOf(identify(question))).toBe('circuit_open');
    expect(received).toHaveLength(before);
    says({ status: 'ok', destination: 'true' });
    await eventually(async () => (await identify(question)).outcome === 'answered');
    expect(tries.some(([place]) => place === 'identification-customer')).toBe(true);
  });

  it('that is not there', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expect(new Promise((_, reject) => connect(port, '127.0.0.1').once('error', reject))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    expect(await codeOf(ask({ url: `http://127.0.0.1:${port}/` }))).not.toBe('answered');
  });

  it('at an address that the guard refuses is not asked', async () => {
    expect(await codeOf(ask({ egress: { allowHttp: true } }))).toBe('address_refused');
    expect(received).toHaveLength(0);
  });
});

describe('configuration', () => {
  it('refuses a node that does not exist, asks nobody, or lost its authentication', async () => {
    expect(await codeOf(identifier()({ ...question, identificationId: 'nosuch' }))).toBe('identification_not_found');
    expect(await codeOf(ask({ url: undefined, kind: 'none' }))).toBe('identification_asks_nobody');
    expect(await codeOf(ask({ authentication: 'nosuch' }))).toBe('authentication_not_found');
    expect(received).toHaveLength(0);
  });
});
