import { type AnyEvent, callEvents, parseEvent } from '@patchcord/contracts';
import type { EventMapper } from '../../src/ami/feed.ts';
import { type AmiMessage, field } from '../../src/message.ts';
import type { AmiSnapshot } from '../../src/snapshot.ts';

/** A mapper that only lists what it is given: one event per message, so that a test sees what reached it, and in which order. */
export interface ListingMapper extends EventMapper {
  readonly calls: { kind: 'apply' | 'resync'; name: string; atMs: number }[];
  readonly messages: AmiMessage[];
  readonly snapshots: AmiSnapshot[];
}

export function createListingMapper(): ListingMapper {
  const calls: ListingMapper['calls'] = [];
  const messages: AmiMessage[] = [];
  const snapshots: AmiSnapshot[] = [];
  return {
    calls,
    messages,
    snapshots,
    apply(message, atMs) {
      const name = field(message, 'Event') ?? '';
      calls.push({ kind: 'apply', name, atMs });
      messages.push(message);
      return [numberedEvent(messages.length)];
    },
    resync(snapshot, atMs) {
      calls.push({ kind: 'resync', name: snapshot.restarted ? 'restarted' : 'same', atMs });
      snapshots.push(snapshot);
      return [];
    },
  };
}

export function numberedEvent(number: number): AnyEvent {
  const parsed = parseEvent({
    specversion: '1.0',
    id: `event-${number}`,
    source: '/pbx/lab',
    type: callEvents.callVariablesSet.type,
    subject: 'c-lab-1',
    time: new Date(1_795_218_080_000 + number).toISOString(),
    tenantid: 'acme',
    data: callEvents.callVariablesSet.examples[0],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.event;
}
