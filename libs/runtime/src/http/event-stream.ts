import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Identity } from './authenticator.ts';

/** How long a client may listen. */
export interface StreamAccess {
  /** Asked at each heartbeat, and when something changed: a token that is removed ends its streams. */
  readonly allowed: () => Promise<boolean>;
  /** The stream ends then (ms since 1970), whoever still listens. */
  readonly endsAt?: number | undefined;
  /** Tells when it is time to ask before the next heartbeat. Returns the unsubscribe. */
  readonly onChange?: (listener: () => void) => () => void;
}

export interface EventStreamOptions extends StreamAccess {
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

/** A stream that holds little for a slow client, lives by heartbeats, and ends when its token or its session does. */
export function createEventStream({ heartbeatMs, maxWaiting, ...access }: EventStreamOptions): EventStream {
  const body = new Readable({ read: () => undefined, highWaterMark: maxWaiting });
  const write = (text: string): void => {
    if (body.readableLength > maxWaiting) body.destroy();
    else if (!body.destroyed && !body.readableEnded) body.push(text);
  };
  const end = (): void => {
    if (!body.destroyed && !body.readableEnded) body.push(null);
  };
  const beat = async (): Promise<void> => {
    if (await access.allowed().catch(() => false)) write(': still here\n\n');
    else end();
  };
  const heartbeat = setInterval(() => void beat(), heartbeatMs);
  body.once('close', () => clearInterval(heartbeat));
  watchAccess(body, access, { end, beat });
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

/** Many changes at once, as of an import, are one reason to ask. */
const changeSettlesMs = 100;
/** No timer of node waits longer. */
const longestTimerMs = 2 ** 31 - 1;

interface Ends {
  readonly end: () => void;
  readonly beat: () => Promise<void>;
}

function watchAccess(body: Readable, { endsAt, onChange }: StreamAccess, { end, beat }: Ends): void {
  const leftMs = (endsAt ?? Number.POSITIVE_INFINITY) - Date.now();
  const over = leftMs > longestTimerMs ? undefined : setTimeout(end, leftMs);
  let asking: NodeJS.Timeout | undefined;
  const stopWatching = onChange?.(() => {
    asking ??= setTimeout(() => {
      asking = undefined;
      void beat();
    }, changeSettlesMs);
  });
  body.once('close', () => {
    clearTimeout(over);
    clearTimeout(asking);
    stopWatching?.();
  });
}

/** What a stream that a request opens goes by: who asked may listen for as long as `mayStill` says so. */
export function accessOf(
  request: FastifyRequest,
  mayStill: (now: Identity | undefined) => boolean,
): Required<StreamAccess> {
  return {
    allowed: async () => mayStill(await request.identifyAgain()),
    endsAt: request.validUntil,
    onChange: (listener) => request.onAccessChange(listener),
  };
}
