import { createInbox, type Msg } from '@nats-io/nats-core';
import type { Bus } from './connect.ts';
import { type Delivery, toDelivery } from './delivery.ts';
import { createPullRequest } from './pull-request.ts';
import { createRecovery } from './recovery.ts';
import { within } from './within.ts';

export interface PullerOptions {
  readonly bus: Bus;
  readonly stream: string;
  readonly durable: string;
  /** So many deliveries are held at once at most: what is asked for and what is worked on. */
  readonly limit: number;
  /** How many are worked on now. */
  readonly held: () => number;
  readonly onDelivery: (delivery: Delivery) => void;
  /** Makes sure that the durable consumer exists. */
  readonly ensure: () => Promise<void>;
}

export interface Puller {
  /** To be called when deliveries were settled: asks for more when there is room. */
  readonly pull: () => void;
  readonly healthy: () => boolean;
  /** Takes no more; resolves when all that the server had sent is handed over. */
  readonly stop: () => Promise<void>;
}

/**
 * Asks a pull consumer for messages, one request at a time. All requests share one inbox, so that a message that
 * comes late for its request is handled and not lost. Whatever goes wrong (server restarted, consumer deleted, answer
 * lost), the cure is the same: make sure that the consumer exists and ask again.
 */
export function createPuller({ bus, stream, durable, limit, held, onDelivery, ensure }: PullerOptions): Puller {
  const inbox = createInbox();
  /** Acknowledgements made while the connection was down. */
  const unsent: (() => void)[] = [];
  let stopped = false;
  const active = (): boolean => !stopped && !bus.nc.isClosed();
  const pull = (): void => {
    const batch = limit - held();
    if (active() && bus.connected() && !recovery.underWay() && !request.open() && batch >= limit / 2)
      request.send(batch);
  };
  const recovery = createRecovery({ attempt: ensure, active, onRecovered: pull });
  const request = createPullRequest({ bus, stream, durable, inbox, onLost: recovery.start });
  const send = (respond: () => void): void => {
    bus.outbox.add(() => {
      if (bus.connected()) respond();
      else unsent.push(respond);
    });
  };
  const onMessage = (msg: Msg): void => {
    const delivery = toDelivery(msg, send);
    if (delivery !== undefined) {
      recovery.succeeded();
      request.took();
      onDelivery(delivery);
    } else if (request.ended(msg.headers?.code ?? 0)) recovery.succeeded();
    pull();
  };
  const subscription = bus.nc.subscribe(inbox, {
    callback: (error, msg) => (error === null ? onMessage(msg) : recovery.start()),
  });
  const forget = bus.onReconnect(() => {
    for (const respond of unsent.splice(0)) respond();
    request.abandon();
    recovery.start();
  });
  pull();
  return {
    pull,
    healthy: () => active() && recovery.failures() < 3,
    stop: async () => {
      stopped = true;
      forget();
      request.abandon();
      await within(subscription.drain(), 1000).catch(() => undefined);
    },
  };
}
