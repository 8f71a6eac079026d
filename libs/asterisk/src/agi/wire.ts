import type { Socket } from 'node:net';
import { asFailure, type Failure } from '@patchcord/contracts';
import { serializeCommand } from './command.ts';
import { createExchange } from './exchange.ts';
import { agiFailure } from './failures.ts';
import { readLines } from './lines.ts';
import { type AgiLine, type AgiReply, createReplyReader } from './reply.ts';
import { type AgiRequest, readAgiRequest } from './request.ts';

/** Sends one command: words as they are, arguments quoted. */
export type AgiCommand = (
  words: string,
  args?: readonly string[],
  options?: { readonly timeoutMs?: number | undefined },
) => Promise<AgiReply>;

/** One connection as commands and answers. */
export interface AgiWire {
  /** IP address of the other side. */
  readonly peer: string;
  /** What was said before the first command; rejects when that does not come. */
  readonly request: Promise<AgiRequest>;
  /** Waits for the commands before it. */
  readonly command: AgiCommand;
  readonly hungUp: AbortSignal;
  /** Whether a `HANGUP` came; false after a mere loss of the connection. */
  callerGone(): boolean;
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  /** Closes the session in order: Asterisk goes on with the dialplan. */
  end(): void;
  /** Closes it at once, with the reason that open commands get. */
  destroy(reason: Failure): void;
}

export interface AgiWireOptions {
  readonly commandTimeoutMs: number;
}

/** Asterisk sends about 25 lines, and one for each argument. */
const maxRequestLines = 400;
/** A peer that does not close its side after us. */
const lingerMs = 2000;

export function createAgiWire(socket: Socket, { commandTimeoutMs }: AgiWireOptions): AgiWire {
  const request = Promise.withResolvers<AgiRequest>();
  const closed = Promise.withResolvers<void>();
  const hungUp = new AbortController();
  let callerGone = false;
  // Nobody may be listening any more.
  request.promise.catch(() => undefined);

  const destroy = (reason: Failure): void => {
    request.reject(reason);
    exchange.close(reason);
    hungUp.abort(reason);
    socket.destroy();
  };
  const exchange = createExchange({ write: (line) => void socket.write(line), onLate: destroy });
  const take = (line: AgiLine): void => {
    if (line.kind === 'hangup') {
      callerGone = true;
      hungUp.abort(agiFailure('agi_hung_up', 'the caller hung up'));
      return;
    }
    if (!exchange.open()) throw agiFailure('agi_protocol', 'an answer that nothing was asked for');
    if (line.kind === 'reply') exchange.answer(line.reply);
    if (line.kind === 'refused') exchange.answer(agiFailure(line.code, line.message));
  };
  listen(socket, { onRequest: request.resolve, onLine: take, onFailure: (error) => destroy(asFailure(error)) });
  socket.on('error', (error) => destroy(agiFailure('agi_closed', 'the connection broke', error)));
  socket.on('close', () => {
    destroy(agiFailure('agi_closed', 'Asterisk closed the connection'));
    closed.resolve();
  });

  return {
    peer: socket.remoteAddress ?? '',
    request: request.promise,
    hungUp: hungUp.signal,
    callerGone: () => callerGone,
    closed: closed.promise,
    destroy,
    command: async (words, args = [], { timeoutMs = commandTimeoutMs } = {}) =>
      exchange.send(serializeCommand(words, args), words, timeoutMs),
    end() {
      if (socket.closed) return;
      socket.end();
      const timer = setTimeout(() => socket.destroy(), lingerMs);
      socket.once('close', () => clearTimeout(timer));
    },
  };
}

interface Listener {
  readonly onRequest: (request: AgiRequest) => void;
  readonly onLine: (line: AgiLine) => void;
  readonly onFailure: (error: unknown) => void;
}

/** The request up to its empty line, answers from there on. */
function listen(socket: Socket, { onRequest, onLine, onFailure }: Listener): void {
  const reader = createReplyReader();
  let head: string[] | undefined = [];
  const onText = (line: string): void => {
    if (head === undefined) onLine(reader.take(line));
    else if (line === '') {
      if (!head[0]?.startsWith('agi_')) throw agiFailure('agi_protocol', 'expected agi_network: yes');
      onRequest(readAgiRequest(head));
      head = undefined;
    } else if (head.push(line) > maxRequestLines) throw agiFailure('agi_protocol', 'a request without end');
  };
  readLines(socket, onText, onFailure);
}
