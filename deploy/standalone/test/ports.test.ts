import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPortBook } from '../src/ports.ts';

const open: Server[] = [];

async function busyPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describe('ports', () => {
  it('names a busy port and takes the next free one', async () => {
    const lines: string[] = [];
    const busy = await busyPort();
    const port = await createPortBook((line) => lines.push(line)).take('console', busy);
    expect(port).toBeGreaterThan(busy);
    expect(lines).toEqual([`port ${busy} (console) is busy: taking ${port}`]);
  });

  it('never gives the same port twice', async () => {
    const book = createPortBook(() => {});
    const usual = await busyPort();
    expect(await book.take('a', usual)).not.toBe(await book.take('b', usual));
  });
});
