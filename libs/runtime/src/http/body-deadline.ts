import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the body of a request may take to arrive (ms). Default 30 s. 0: as long as something of it does. */
    bodyTimeoutMs?: number;
  }
}

const defaultTimeoutMs = 30_000;
const answer = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/**
 * Cuts a request whose body takes too long. Node's own `requestTimeout` is one for the whole server, so that a route for
 * large uploads would take it from all others. Use it with a `requestTimeout` of 0, and a limit of silence on the socket
 * (`connectionTimeout`).
 */
export function registerBodyDeadline(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const timeoutMs = request.routeOptions.config.bodyTimeoutMs ?? defaultTimeoutMs;
    if (timeoutMs > 0 && hasBody(request)) startDeadline(request, timeoutMs);
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function startDeadline({ raw }: FastifyRequest, timeoutMs: number): void {
  const { socket } = raw;
  const deadline = setTimeout(() => {
    if (raw.complete || socket.destroyed) return;
    socket.end(answer);
    socket.destroySoon();
  }, timeoutMs);
  deadline.unref();
  raw.once('close', () => clearTimeout(deadline));
}
