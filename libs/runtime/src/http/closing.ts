import type { Socket } from 'node:net';
import type { HttpServer } from './http-server.ts';

/** What is being answered when a stop begins may take this long (ms); then its connection is cut. */
const graceMs = 3000;
const sweepMs = 50;

/**
 * Lets requests that are under way finish, and ends each kept-alive connection as soon as it is idle: otherwise one
 * browser tab would hold the process for the whole keep-alive time.
 */
export function endIdleConnections(app: HttpServer): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => endIdle(app, sockets), sweepMs);
    const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
    const stop = (): void => {
      clearInterval(sweep);
      clearTimeout(cut);
    };
    if (app.server.listening) app.server.once('close', stop);
    else stop();
  });
}

/** Node counts a connection that a browser opened in advance, and that has sent nothing yet, as active. */
function endIdle(app: HttpServer, sockets: ReadonlySet<Socket>): void {
  app.server.closeIdleConnections();
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
