import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../src/index.ts';
import { testServer } from './http-fixture.ts';

interface Conversation {
  readonly socket: Socket;
  readonly said: () => string;
}

/** A server whose `/short` waits 100 ms for a body and `/long` for ever, and a connection to it. */
async function converse(): Promise<Conversation> {
  const app = await testServer();
  app.post('/short', { config: { bodyTimeoutMs: 100 } }, async () => 'short\n');
  app.post('/long', { config: { bodyTimeoutMs: 0 } }, async () => 'long\n');
  const { port } = new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(socket, 'connect');
  return { socket, said: () => said };
}

const head = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n`;

test('body - one that does not arrive in time is answered with 408, and its connection closed', async () => {
  const { socket, said } = await converse();
  socket.write(`${head('/short')}{`);
  await once(socket, 'end');
  expect(said()).toMatch(/^HTTP\/1\.1 408 /);
});

test('body - a route may wait longer than others, and one that is whole is left alone', async () => {
  const { socket, said } = await converse();
  socket.write(`${head('/short')}{}`);
  await eventually(() => expect(said()).toMatch(/short\n$/));
  socket.write(`${head('/long')}{`);
  const other = await converse();
  other.socket.write(`${head('/short')}{`);
  await once(other.socket, 'end');
  socket.write('}');
  await eventually(() => expect(said()).toMatch(/long\n$/));
  expect(said()).not.toContain('408');
});
