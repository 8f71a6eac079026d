import { type AgiSession, createFastAgiServer, type FastAgiServer } from '@patchcord/asterisk';
import { Failure } from '@patchcord/contracts';
import type { Logger, Part } from '@patchcord/runtime';

export interface FastAgiPartOptions {
  readonly host: string;
  /** Undefined: no dialplan is served. 0: a free one. */
  readonly port: number | undefined;
  /** When what is handled now came in (ms, monotonic). */
  readonly now: () => number;
  readonly handle: (session: AgiSession) => Promise<void>;
  readonly log: Logger;
}

/** From the first prompt to the destination: twenty attempts of a slow caller, but not for ever (ms). */
const sessionTimeoutMs = 15 * 60_000;
/** A call under way ends within this time when the service is asked to stop (ms). */
const stopMs = 2000;

/** Listens for dialplans while the service runs. */
export function fastAgiPart({ host, port, now, handle, log }: FastAgiPartOptions): Part {
  let server: FastAgiServer | undefined;
  return {
    name: 'fastagi',
    start: async () => {
      if (port === undefined) return;
      server = createFastAgiServer({
        host,
        port,
        now,
        handle,
        limits: { sessionTimeoutMs },
        onReport: (report) => log.warn(report, 'a dialplan was not served to its end'),
      });
      await server.start().catch((cause: unknown) => {
        throw cannotListen(host, port, cause);
      });
      log.info({ host, port: server.port() }, 'FastAGI listens');
    },
    stop: async () => server?.stop(stopMs),
  };
}

const cannotListen = (host: string, port: number, cause: unknown): Failure => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const message = `cannot listen on ${host}:${port} for FastAGI (${code}): correct FASTAGI_HOST or FASTAGI_PORT`;
  return new Failure('own-trouble', 'port_in_use', message, { cause });
};
