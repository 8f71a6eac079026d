import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Status, TlsOptions } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { Failure } from '@patchcord/contracts';
import { createOutbox, type Outbox } from './outbox.ts';
import { within } from './within.ts';

/** What happens to the connection, for logs and metrics. */
export type BusStatus = Status;

export interface BusOptions {
  /** `nats://host:4222`; several servers of one cluster are separated by commas. */
  readonly url: string;
  /** Shown by the server in its connection list. */
  readonly name: string;
  readonly user?: string;
  readonly pass?: string;
  readonly tls?: TlsOptions;
  readonly onStatus?: (status: BusStatus) => void;
}

/** One connection to NATS with JetStream. */
export interface Bus {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** For what is sent often: one write for all of a turn of the event loop. */
  readonly outbox: Outbox;
  /** Resolves when JetStream answers; throws a `Failure` of class own-trouble when it does not within 2 s. */
  ready(): Promise<void>;
  readonly connected: () => boolean;
  /** Resolves when connected; throws a `Failure` of class own-trouble when that takes longer than the deadline. */
  whenConnected(deadlineMs: number): Promise<void>;
  /** Called after each reconnect: what the server held for this connection may be gone. Returns the unsubscribe. */
  onReconnect(listener: () => void): () => void;
  /** Flushes what is under way, then closes. */
  close(): Promise<void>;
}

const answerDeadlineMs = 2000;
const drainDeadlineMs = 3000;

/** Connects to NATS. Waits for the first connect and reconnects for ever. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const nc = await connect({
    ...connectionOptions(options),
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.pass === undefined ? {} : { pass: options.pass }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  const link = createLink();
  void followStatus(nc, (status) => {
    options.onStatus?.(status);
    link.onStatus(status);
  });
  const outbox = createOutbox();
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return {
    nc,
    js: jetstream(nc),
    jsm,
    outbox,
    ready: () => answers(jsm),
    connected: link.connected,
    whenConnected: link.whenConnected,
    onReconnect: link.onReconnect,
    close: () => closeGently(nc, outbox),
  };
}

const connectionOptions = ({ url, name }: BusOptions) => ({
  servers: url.split(',').map((server) => server.trim()),
  name,
  waitOnFirstConnect: true,
  maxReconnectAttempts: -1,
  // A password that is rotated on the server first and in our environment later must not end the process.
  ignoreAuthErrorAbort: true,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  // A peer that hangs without closing its socket is noticed after 2 pings without an answer.
  pingInterval: 10_000,
  maxPingOut: 2,
  noAsyncTraces: true,
});

/** Knows whether the connection is up. What is published while it is down is lost: the client empties its buffer. */
function createLink() {
  const listeners = new Set<() => void>();
  let connected = true;
  const onReconnect = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    connected: () => connected,
    onReconnect,
    whenConnected: async (deadlineMs: number): Promise<void> => {
      if (connected) return;
      let forget = (): void => undefined;
      const up = new Promise<void>((resolve) => {
        forget = onReconnect(resolve);
      });
      try {
        await within(up, deadlineMs);
      } catch (cause) {
        throw new Failure('own-trouble', 'nats_unavailable', 'the connection to NATS is down', { cause });
      } finally {
        forget();
      }
    },
    onStatus: ({ type }: Status): void => {
      if (type === 'disconnect') connected = false;
      if (type !== 'reconnect') return;
      connected = true;
      for (const listener of listeners) listener();
    },
  };
}

async function followStatus(nc: NatsConnection, onStatus: (status: Status) => void): Promise<void> {
  for await (const status of nc.status()) onStatus(status);
}

async function answers(jsm: JetStreamManager): Promise<void> {
  try {
    await within(jsm.getAccountInfo(), answerDeadlineMs);
  } catch (cause) {
    throw new Failure('own-trouble', 'nats_unavailable', 'NATS JetStream does not answer', { cause });
  }
}

async function closeGently(nc: NatsConnection, outbox: Outbox): Promise<void> {
  if (nc.isClosed()) return;
  outbox.flush();
  await within(nc.drain(), drainDeadlineMs).catch(() => undefined);
  await nc.close();
}
