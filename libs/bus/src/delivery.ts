import { type Msg, nanos } from '@nats-io/nats-core';

/** One delivery of a stored message to a durable consumer. It is settled once: ack, nak or term. */
export interface Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: Msg['headers'];
  readonly stream: string;
  /** Position in the stream. */
  readonly sequence: number;
  /** 1 for the first delivery. */
  readonly count: number;
  readonly storedAt: Date;
  readonly messageId: string | undefined;
  ack(): void;
  /** Gives it back, to be delivered again after the delay. */
  nak(delayMs: number): void;
  /** Never deliver it again. */
  term(): void;
  /** It is still worked on: begins the acknowledgement deadline anew. */
  working(): void;
}

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<count>.<stream seq>.<consumer seq>.<timestamp ns>.<pending>`, or the form of 11
 * tokens and more with domain and account hash after `$JS.ACK` (NATS ADR-15). Undefined when it is neither.
 * `send` runs what answers the server, now or when there is a connection again.
 */
export function toDelivery(msg: Msg, send: (respond: () => void) => void): Delivery | undefined {
  const tokens = (msg.reply ?? '').split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  const at = tokens.length >= 11 ? 4 : 2;
  const [stream, , count, sequence, , timestamp] = tokens.slice(at);
  if (stream === undefined || timestamp === undefined) return undefined;
  let settled = false;
  const settle = (payload: string): void => {
    if (settled) return;
    settled = true;
    send(() => msg.respond(payload));
  };
  return {
    subject: msg.subject,
    data: msg.data,
    headers: msg.headers,
    stream,
    sequence: Number(sequence),
    count: Number(count),
    storedAt: new Date(Number(BigInt(timestamp) / 1_000_000n)),
    messageId: msg.headers?.get('Nats-Msg-Id') || undefined,
    ack: () => settle('+ACK'),
    nak: (delayMs) => settle(delayMs > 0 ? `-NAK ${JSON.stringify({ delay: nanos(delayMs) })}` : '-NAK'),
    term: () => settle('+TERM'),
    working: () => {
      if (!settled) msg.respond('+WPI');
    },
  };
}
