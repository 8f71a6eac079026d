import type { Readable } from 'node:stream';
import { createEventStream, type EventStreamOptions } from '@patchcord/runtime';
import type { LiveChange, LiveView } from './live-view.ts';

export interface LiveStreamOptions extends EventStreamOptions {
  readonly view: Pick<LiveView, 'calls' | 'subscribe'>;
  readonly tenantId: string;
}

/**
 * The live calls of a tenant as server-sent events: `state` with all calls first, then `call` and `gone`. Whoever
 * reconnects gets the state again, so nothing depends on what was missed.
 */
export function createLiveStream({ view, tenantId, ...options }: LiveStreamOptions): Readable {
  const stream = createEventStream(options);
  stream.send('state', { calls: view.calls(tenantId) });
  stream.onClose(view.subscribe(tenantId, (change) => stream.send(change.type, dataOf(change))));
  return stream.body;
}

const dataOf = (change: LiveChange): unknown => (change.type === 'call' ? change.call : { callId: change.callId });
