import type { Failure } from '@patchcord/contracts';
import { agiFailure } from './failures.ts';
import type { AgiReply } from './reply.ts';

/** One command and its answer at a time: Asterisk answers only the first of several that come together. */
export interface Exchange {
  /** Waits for the commands before it. */
  send(line: string, words: string, timeoutMs: number): Promise<AgiReply>;
  /** Whether an answer is expected. */
  open(): boolean;
  answer(result: AgiReply | Failure): void;
  /** Fails the open command and all that come. */
  close(reason: Failure): void;
}

export interface ExchangeOptions {
  readonly write: (line: string) => void;
  /** An answer that comes later would be taken for that of the next command: the session cannot go on. */
  readonly onLate: (failure: Failure) => void;
}

export function createExchange({ write, onLate }: ExchangeOptions): Exchange {
  let over: Failure | undefined;
  let settle: ((result: AgiReply | Failure) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const sendNow = (line: string, words: string, timeoutMs: number): Promise<AgiReply> =>
    new Promise((resolve, reject) => {
      if (over !== undefined) return reject(over);
      const timer = setTimeout(
        () => onLate(agiFailure('agi_command_timeout', `${words}: no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      settle = (result) => {
        clearTimeout(timer);
        settle = undefined;
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      write(line);
    });

  return {
    send(line, words, timeoutMs) {
      const sent = last.then(() => sendNow(line, words, timeoutMs));
      last = sent.catch(() => undefined);
      return sent;
    },
    open: () => settle !== undefined,
    answer: (result) => settle?.(result),
    close(reason) {
      over ??= reason;
      settle?.(over);
    },
  };
}
