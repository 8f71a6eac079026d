import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { asFailure, Failure } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { type AmiHeaders, serializeAction } from './action.ts';
import { type AmiFailureCode, amiFailure, loginFailure, socketFailure } from './failures.ts';
import { keepAlive } from './keep-alive.ts';
import { type AmiParser, createAmiParser } from './parser.ts';
import { type ActionOptions, type AmiReply, createPendingActions, type PendingActions } from './pending.ts';
import { type AmiAddress, openSocket } from './socket.ts';
import { resolvesWithin, within } from './timing.ts';

export interface AmiClientOptions extends AmiAddress {
  readonly username: string;
  /** Never logged, and in no failure's text. */
  readonly secret: string;
  /** Called for every event that is no answer to an action, in the read loop: it must not do slow work. */
  readonly onEvent: (event: AmiMessage) => void;
  /** Default 5 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** Greeting and login together. Default 5 s: a wrong password is answered after one. */
  readonly loginTimeoutMs?: number | undefined;
  /** Default 10 s. */
  readonly actionTimeoutMs?: number | undefined;
  /** A Ping is sent after this much silence. Default 10 s. */
  readonly pingIntervalMs?: number | undefined;
  /** Silence after a Ping that means the peer is gone. Default 10 s. */
  readonly pingTimeoutMs?: number | undefined;
  readonly maxMessageBytes?: number | undefined;
  /** Closes the connection, at whatever step it is. */
  readonly signal?: AbortSignal | undefined;
}

/** A logged-in AMI connection. Nothing is repeated after it closes: every close is a gap in what was seen. */
export interface AmiClient {
  /** The greeting, e.g. `Asterisk Call Manager/11.0.0`. */
  readonly banner: string;
  /**
   * Whether `FullyBooted` came, waiting for it `deadlineMs` at most (default: the longest a timer can): a user who may not read class `system` never
   * gets it. Rejects when the connection closes meanwhile.
   */
  waitForBoot(deadlineMs?: number): Promise<boolean>;
  /**
   * `onResponse` is called in the read loop, between the events before the response and those after it.
   * @throws Failure `ami_action_timeout`, `ami_action_refused`, `ami_header_invalid`, or the connection's own.
   */
  action(action: string, headers?: AmiHeaders, onResponse?: () => void): Promise<AmiReply>;
  /** Calls back with every event from now on, in the read loop and before `onEvent`. Returns how to stop it. */
  watch(listener: (event: AmiMessage) => void): () => void;
  /** Closes at once; `closed` resolves with the given reason. */
  close(reason?: Failure): void;
  /** Resolves, never rejects, with why the connection is over. */
  readonly closed: Promise<Failure>;
}

/**
 * Connects and logs in.
 * @throws Failure with one of the `ami_*` codes that say which step failed.
 */
export async function connectAmi(options: AmiClientOptions): Promise<AmiClient> {
  const socket = await openSocket(options, { timeoutMs: options.connectTimeoutMs ?? 5_000, signal: options.signal });
  const wire = createWire(socket, options);
  try {
    const banner = await login(wire, options);
    keepAlive(socket, options, wire);
    return {
      banner,
      waitForBoot: (deadlineMs = 2 ** 31 - 1) =>
        resolvesWithin(deadlineMs, Promise.race([wire.booted, rejectionOf(wire.closed)])),
      action: (action, headers, onResponse) =>
        wire.send(action, headers, { timeoutMs: options.actionTimeoutMs ?? 10_000, onResponse }),
      watch: wire.watch,
      close: (reason) => wire.end(reason ?? amiFailure('ami_stopped', 'closed by us')),
      closed: wire.closed,
    };
  } catch (error) {
    wire.end(asFailure(error));
    throw error;
  }
}

interface Wire {
  /** The greeting's text; rejects when something else than an Asterisk speaks. */
  readonly greeted: Promise<string>;
  readonly booted: Promise<true>;
  readonly closed: Promise<Failure>;
  send(action: string, headers: AmiHeaders | undefined, options: ActionOptions): Promise<AmiReply>;
  readonly watch: (listener: (event: AmiMessage) => void) => () => void;
  end(reason: Failure): void;
}

/** The socket as messages: reads, sends, and ends once, with one reason. */
function createWire(socket: Socket, options: AmiClientOptions): Wire {
  const peer = `${options.host}:${options.port}`;
  const pending = createPendingActions();
  const greeted = Promise.withResolvers<string>();
  const booted = Promise.withResolvers<true>();
  const closed = Promise.withResolvers<Failure>();
  const watchers = new Set<(event: AmiMessage) => void>();

  const end = (reason: Failure): void => {
    closed.resolve(reason);
    pending.failAll(reason);
    socket.destroy();
  };
  const take = (message: AmiMessage): void => {
    const banner = field(message, 'Banner');
    if (banner !== undefined) greeted.resolve(banner);
    else if (!pending.offer(message) && field(message, 'Event') !== undefined) {
      if (field(message, 'Event') === 'FullyBooted') booted.resolve(true);
      for (const watcher of watchers) watcher(message);
      options.onEvent(message);
    }
  };
  read(socket, {
    parser: createAmiParser({ maxMessageBytes: options.maxMessageBytes, greetingFirst: true }),
    take,
    end,
  });
  socket.on('error', (error) => end(socketFailure(error, peer)));
  socket.on('close', () => end(amiFailure('ami_closed', `${peer} closed the connection`)));
  const send = createSender(socket, pending);
  const watch = (listener: (event: AmiMessage) => void): (() => void) => {
    watchers.add(listener);
    return () => void watchers.delete(listener);
  };
  return { greeted: greeted.promise, booted: booted.promise, closed: closed.promise, send, watch, end };
}

interface Reader {
  readonly parser: AmiParser;
  readonly take: (message: AmiMessage) => void;
  readonly end: (reason: Failure) => void;
}

function read(socket: Socket, { parser, take, end }: Reader): void {
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of parser.push(chunk)) {
        if (socket.destroyed) return;
        take(message);
      }
    } catch (error) {
      end(asFailure(error));
    }
  });
}

function createSender(socket: Socket, pending: PendingActions): Wire['send'] {
  const prefix = randomUUID().slice(0, 8);
  let sent = 0;
  return async (action, headers, options) => {
    sent += 1;
    const actionId = `${prefix}-${sent}`;
    const bytes = serializeAction(action, actionId, headers);
    const reply = pending.expect(actionId, action, options);
    socket.write(bytes);
    return await reply;
  };
}

async function login(wire: Wire, options: AmiClientOptions): Promise<string> {
  const peer = `${options.host}:${options.port}`;
  const timeoutMs = options.loginTimeoutMs ?? 5_000;
  const late = amiFailure('ami_login_timeout', `${peer} did not finish the login within ${timeoutMs} ms`);
  const steps = async (): Promise<string> => {
    const banner = await wire.greeted;
    try {
      await wire.send('Login', { Username: options.username, Secret: options.secret }, { timeoutMs });
    } catch (error) {
      throw isRefusal(error) ? loginFailure(error.message, peer) : error;
    }
    return banner;
  };
  return await within(timeoutMs, Promise.race([steps(), rejectionOf(wire.closed)]), () => late);
}

const isRefusal = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === ('ami_action_refused' satisfies AmiFailureCode);

const rejectionOf = (closed: Promise<Failure>): Promise<never> =>
  closed.then((failure) => {
    throw failure;
  });
