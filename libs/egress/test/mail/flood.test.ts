import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { certificates, mailFixture, settings, told } from './fixture.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

const answers = Buffer.from('\r\n'.repeat(32_768));

/** Greets, and answers the first command without end. */
async function startFlood(tls?: ConstructorParameters<typeof TLSSocket>[1]): Promise<number> {
  server = createServer((plain) => {
    const socket = tls === undefined ? plain : new TLSSocket(plain, tls);
    for (const one of [plain, socket]) one.on('error', () => {});
    const go = (): void => {
      while (!socket.destroyed && socket.write(answers));
      socket.once('drain', go);
    };
    socket.write('220 here\r\n');
    socket.once('data', go);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it.each(['none', 'tls'] as const)('a server that never stopped answering filled the memory: %s', async (security) => {
  const { ca, server: own } = await certificates();
  const secureContext = createSecureContext({ cert: own.certificate, key: own.privateKey });
  const port = await startFlood(security === 'tls' ? { isServer: true, secureContext } : undefined);
  const { mailer } = mailFixture({ ca });
  const via = { server: settings(port, { security, host: 'localhost', timeoutMs: 20_000 }) };
  const outcome = await mailer.send({ to: ['ana@example.com'], subject: 'x', messageId: 'w' }, via);
  expect(told(outcome)).toContain('protocol_error');
  expect(outcome.durationMs).toBeLessThan(10_000);
  mailer.close();
});
