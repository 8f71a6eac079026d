import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { asFailure, type Failure } from '@patchcord/contracts';
import { agiFailure } from './failures.ts';
import { type AgiSession, createAgiSession } from './session.ts';
import { type AgiWire, createAgiWire } from './wire.ts';

export interface FastAgiLimits {
  /** From the connection to the last line of the request. */
  readonly requestTimeoutMs: number;
  /** One command, where it has no time of its own. */
  readonly commandTimeoutMs: number;
  /** The whole session: the caller hears silence for as long as nobody answers the PBX. */
  readonly sessionTimeoutMs: number;
  readonly maxSessions: number;
}

export const defaultFastAgiLimits: FastAgiLimits = {
  requestTimeoutMs: 5_000,
  commandTimeoutMs: 5_000,
  sessionTimeoutMs: 180_000,
  maxSessions: 2_000,
};

/** Holds no caller's data. */
export type FastAgiReport =
  /** The handler threw, or the session reached its deadline. */
  | { readonly kind: 'session-failed'; readonly failure: Failure; readonly path?: string }
  /** More than `maxSessions`: the dialplan goes on without us. */
  | { readonly kind: 'refused' };

export interface FastAgiServerOptions {
  readonly host?: string;
  /** 0: a free one. Asterisk's own default is 4573. */
  readonly port: number;
  /** Serves one call. The session closes when it is done, and the dialplan goes on. Throwing closes it too. */
  readonly handle: (session: AgiSession) => Promise<void>;
  readonly limits?: Partial<FastAgiLimits>;
  /** The clock of `AgiSession.openedAt`. Default: `performance.now`. */
  readonly now?: () => number;
  readonly onReport?: (report: FastAgiReport) => void;
}

export interface FastAgiServer {
  /** Resolves once it listens; rejects with the system's error, e.g. when the port is taken. */
  start(): Promise<void>;
  /** Where it listens; 0 before it was started. */
  port(): number;
  /** Open sessions. */
  sessions(): number;
  /** Takes no more calls, waits for those under way until the deadline, then closes them. */
  stop(deadlineMs?: number): Promise<void>;
}

/**
 * Answers the `AGI(agi://...)` of dialplans. Asterisk has no time limit of its own and a silent server keeps even a
 * caller who hung up, so every session has a deadline and always closes.
 */
export function createFastAgiServer(options: FastAgiServerOptions): FastAgiServer {
  const limits = { ...defaultFastAgiLimits, ...options.limits };
  const { onReport: report = () => undefined, now = () => performance.now() } = options;
  const open = new Set<AgiWire>();
  const accept = (socket: Socket): void => {
    const openedAt = now();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    const wire = createAgiWire(socket, limits);
    open.add(wire);
    void wire.closed.then(() => open.delete(wire));
    void serve(wire, { handle: options.handle, limits, report, openedAt });
  };
  const server = createServer(accept);
  server.maxConnections = limits.maxSessions;
  server.on('drop', () => report({ kind: 'refused' }));

  return {
    async start() {
      server.listen(options.port, options.host ?? '127.0.0.1');
      await once(server, 'listening');
    },
    port: () => portOf(server),
    sessions: () => open.size,
    async stop(deadlineMs = 5_000) {
      const stopped = server.listening ? once(server, 'close') : undefined;
      server.close();
      const timer = setTimeout(() => {
        for (const wire of open) wire.destroy(agiFailure('agi_stopped', 'asked to stop'));
      }, deadlineMs);
      await Promise.all([...open].map(({ closed }) => closed));
      clearTimeout(timer);
      await stopped;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

interface Serving extends Pick<FastAgiServerOptions, 'handle'> {
  readonly limits: FastAgiLimits;
  readonly report: (report: FastAgiReport) => void;
  readonly openedAt: number;
}

/** One connection from its beginning to its end. Never rejects. */
async function serve(wire: AgiWire, { handle, limits, report, openedAt }: Serving): Promise<void> {
  const { requestTimeoutMs, sessionTimeoutMs } = limits;
  const close = (what: string, ms: number) => () =>
    wire.destroy(agiFailure('agi_session_timeout', `${what} took longer than ${ms} ms`));
  let deadline = setTimeout(close('the request', requestTimeoutMs), requestTimeoutMs);
  let path: string | undefined;
  try {
    const request = await wire.request;
    path = request.path;
    clearTimeout(deadline);
    deadline = setTimeout(close('the session', sessionTimeoutMs), sessionTimeoutMs);
    await handle(createAgiSession(request, wire, openedAt));
  } catch (error) {
    report({ kind: 'session-failed', failure: asFailure(error), ...(path === undefined ? {} : { path }) });
  } finally {
    clearTimeout(deadline);
    wire.end();
  }
}
