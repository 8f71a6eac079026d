import { nanos } from '@nats-io/nats-core';
import type { Bus } from './connect.ts';

export interface PullRequestOptions {
  readonly bus: Bus;
  readonly stream: string;
  readonly durable: string;
  readonly inbox: string;
  /** The request failed, or nothing was heard of it for too long. */
  readonly onLost: () => void;
}

/** The one request for messages that is under way at a time. */
export interface PullRequest {
  open(): boolean;
  send(batch: number): void;
  /** One of its messages came. */
  took(): void;
  /** A status came. True when it ended the request as it should: it expired, or there were no messages. */
  ended(code: number): boolean;
  abandon(): void;
}

/** A request waits at the server for messages this long. */
const expiresMs = 15_000;
/** Longer silence after a request expired means that it, or its answer, was lost. */
const graceMs = 3000;
const idleHeartbeat = 100;
const noMessages = 404;
const expired = 408;

export function createPullRequest(options: PullRequestOptions): PullRequest {
  const { nc, js } = options.bus;
  const subject = `${js.apiPrefix}.CONSUMER.MSG.NEXT.${options.stream}.${options.durable}`;
  let outstanding = 0;
  let watchdog: NodeJS.Timeout | undefined;
  const abandon = (): void => {
    outstanding = 0;
    clearTimeout(watchdog);
  };
  const lost = (): void => {
    abandon();
    options.onLost();
  };
  return {
    open: () => outstanding > 0,
    abandon,
    send: (batch) => {
      outstanding = batch;
      watchdog = setTimeout(lost, expiresMs + graceMs);
      nc.publish(subject, JSON.stringify({ batch, expires: nanos(expiresMs) }), { reply: options.inbox });
    },
    took: () => {
      outstanding -= 1;
      if (outstanding <= 0) abandon();
    },
    ended: (code) => {
      if (code === idleHeartbeat) return false;
      if (code !== expired && code !== noMessages) {
        lost();
        return false;
      }
      abandon();
      return true;
    },
  };
}
