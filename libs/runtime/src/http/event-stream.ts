import { Readable } from 'node:stream';

export interface EventStreamOptions {
  /** Asked at each heartbeat: a token that is removed ends its streams. */
  readonly allowed: () => Promise<boolean>;
  readonly heartbeatMs: number;
  /** A client that has so much (bytes) waiting for it is dropped; it comes back and gets the whole state again. */
  readonly maxWaiting: number;
}

/** Server-sent events to one client. */
export interface EventStream {
  /** The body of the answer. */
  readonly body: Readable;
  send(event: string, data: unknown): void;
  /** Ends it at once; the client comes back. */
  drop(): void;
  onClose(listener: () => void): void;
}

/** A stream that holds little for a slow client, lives by heartbeats, and ends when its token does. */
export function createEventStream({ allowed, heartbeatMs, maxWaiting }: EventStreamOptions): EventStream {
  const body = new Readable({ read: () => undefined, highWaterMark: maxWaiting });
  const write = (text: string): void => {
    if (body.readableLength > maxWaiting) body.destroy();
    else if (!body.destroyed && !body.readableEnded) body.push(text);
  };
  const beat = async (): Promise<void> => {
    if (await allowed().catch(() => false)) write(': still here\n\n');
    else if (!body.destroyed) body.push(null);
  };
  const heartbeat = setInterval(() => void beat(), heartbeatMs);
  body.once('close', () => clearInterval(heartbeat));
  write('retry: 2000\n\n');
  let id = 0;
  return {
    body,
    send: (event, data) => {
      id += 1;
      write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    drop: () => body.destroy(),
    onClose: (listener) => {
      if (body.closed) listener();
      else body.once('close', listener);
    },
  };
}
