import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';

export interface TestServer {
  readonly port: number;
  /** Connections taken so far. */
  connections(): number;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

export const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');

export const httpServer = (listener: RequestListener): Promise<TestServer> => listening(createServer(listener));

/** An HTTPS server for localhost with one of the certificates among the fixtures. */
export const httpsServer = (certificate: string, listener: RequestListener): Promise<TestServer> =>
  listening(createTlsServer({ cert: fixture(`${certificate}.crt`), key: fixture(`${certificate}.key`) }, listener));

export const tcpServer = (onSocket: (socket: Socket) => void): Promise<TestServer> =>
  listening(createTcpServer(onSocket));

async function listening(server: Server | TcpServer): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let taken = 0;
  server.on('connection', (socket: Socket) => {
    taken += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
