import { Failure } from '@patchcord/contracts';
import type { Part } from '../lifecycle/compose.ts';
import type { HttpServer } from './http-server.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The setting that a message about a busy port names. */
  readonly portVariable?: string;
}

/**
 * Opens the port and returns the server's address, e.g. `http://127.0.0.1:8101`.
 *
 * @throws Failure own-trouble `port_in_use` | `address_unavailable`
 */
export async function listen(app: HttpServer, options: ListenOptions): Promise<string> {
  try {
    return await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    throw portFailure(error, options) ?? error;
  }
}

function portFailure(error: unknown, options: ListenOptions): Failure | undefined {
  const { host, port, portVariable = 'HTTP_PORT' } = options;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is in use: stop what uses it, or set ${portVariable} to another port (0 takes a free one)`;
    return new Failure('own-trouble', 'port_in_use', message, { cause: error });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    const message = `cannot listen on ${host}:${port} (${code}): correct HTTP_HOST or ${portVariable}`;
    return new Failure('own-trouble', 'address_unavailable', message, { cause: error });
  }
  return undefined;
}

/** A server as a part of a service: listens at start, closes at stop. `url` is known once it listens. */
export interface HttpPart extends Part {
  readonly url: string | undefined;
}

export interface HttpPartOptions extends ListenOptions {
  /** Builds the server with its routes; called once, at start. */
  readonly create: () => Promise<HttpServer>;
}

export function httpPart(options: HttpPartOptions): HttpPart {
  let app: HttpServer | undefined;
  let url: string | undefined;
  return {
    name: 'http',
    get url() {
      return url;
    },
    start: async () => {
      app = await options.create();
      url = await listen(app, options);
    },
    stop: async () => app?.close(),
  };
}
