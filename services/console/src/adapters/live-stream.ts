import { Readable } from 'node:stream';
import type { LiveChange, LiveView } from './live-view.ts';

export interface LiveStreamOptions {
  readonly view: LiveView;
  readonly tenantId: string;
  /** Asked at each heartbeat: a token that is removed ends its streams. */
  readonly allowed: () => boolean;
  readonly heartbeatMs: number;
  /** A client that has so much (bytes) waiting for it is dropped; it comes back and gets the whole state again. */
  readonly maxWaiting: number;
}

/**
 * The live calls of a tenant as server-sent events: `state` with all calls first, then `call` and `gone`. Whoever
 * reconnects gets the state again, so nothing depends on what was missed.
 */
export function createLiveStream({ view, tenantId, allowed, heartbeatMs, maxWaiting }: LiveStreamOptions): Readable {
  const stream = new Readable({ read: () => undefined, highWaterMark: maxWaiting });
  const send = (text: string): void => {
    if (stream.readableLength > maxWaiting) stream.destroy();
    else if (!stream.destroyed) stream.push(text);
  };
  let id = 0;
  const sendEvent = (event: string, data: unknown): void => {
    id += 1;
    send(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  send('retry: 2000\n\n');
  sendEvent('state', { calls: view.calls(tenantId) });
  const unsubscribe = view.subscribe(tenantId, (change) => sendEvent(change.type, dataOf(change)));
  const heartbeat = setInterval(() => {
    if (allowed()) send(': still here\n\n');
    else stream.push(null);
  }, heartbeatMs);
  stream.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
  return stream;
}

const dataOf = (change: LiveChange): unknown => (change.type === 'call' ? change.call : { callId: change.callId });
