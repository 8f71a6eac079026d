import { egressPolicy } from '@patchcord/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgress, type Egress } from '../src/index.ts';
import { httpServer, type TestServer } from './servers.ts';

let egress: Egress;
let server: TestServer;
beforeEach(async () => {
  server = await httpServer((_request, response) => response.end());
});
afterEach(async () => {
  await egress.close();
  await server.close();
});

async function asked(host: string, allowCidrs: string[], allowedCidrs: string[]): Promise<string> {
  egress = createEgress({ allowedCidrs });
  const policy = egressPolicy.parse({ allowHttp: true, allowCidrs });
  const url = `http://${host}:${server.port}/`;
  const outcome = await egress.send({ method: 'GET', url, headers: {}, timeoutMs: 3000, policy });
  return outcome.ok ? 'ok' : outcome.failure.code;
}

describe('egress - whatever a policy allows', () => {
  it.each([
    ['127.0.0.1', ['0.0.0.0/0'], []],
    ['localhost', ['0.0.0.0/0', '::/0'], []],
    ['127.0.0.1', ['127.0.0.0/8'], ['10.0.0.0/8', '127.0.0.2/32']],
    ['127.0.0.1', [], ['127.0.0.0/8']],
    ['169.254.169.254', ['169.254.0.0/16'], ['10.0.0.0/8']],
    ['[::ffff:127.0.0.1]', ['::/0'], ['127.0.0.0/8']],
  ])('%s, allowed %j, is refused within the bounds %j', async (host, allowCidrs, bounds) => {
    expect(await asked(host, allowCidrs, bounds)).toBe('address_refused');
    expect(server.connections()).toBe(0);
  });

  it('what both allow is reached', async () => {
    expect(await asked('127.0.0.1', ['127.0.0.0/8'], ['127.0.0.1/32'])).toBe('ok');
  });
});
