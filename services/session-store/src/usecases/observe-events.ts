import type { Context } from '@opentelemetry/api';
import type { Publisher } from '@patchcord/bus';
import type { CallEvent } from '@patchcord/contracts';
import { byCall } from '../domain/by-call.ts';
import { sessionChangedOf } from '../domain/session-changed.ts';
import type { Change } from '../domain/stored-call.ts';
import type { FoldCall } from './fold-call.ts';

interface ObservedEvent {
  readonly event: CallEvent;
  readonly trace: Context;
}

export interface ObserveEventsOptions {
  readonly service: string;
  readonly foldCall: FoldCall;
  readonly publisher: Publisher;
  /** Told of each change once it is published. */
  readonly onPublished: (change: Change) => void;
}

/** Folds events of any calls and publishes what they changed: when it resolves, both are done. */
export type ObserveEvents = (items: readonly ObservedEvent[]) => Promise<void>;

export function createObserveEvents(options: ObserveEventsOptions): ObserveEvents {
  const { service, foldCall, publisher, onPublished } = options;
  return async (items) => {
    const traces = new Map(items.map(({ event, trace }) => [event, trace]));
    const calls = byCall(items.map(({ event }) => event));
    const changes = (await Promise.all(calls.map(({ ref, events }) => foldCall(ref, events)))).flat();
    await publisher.publishAll(
      changes.map((change) => sessionChangedOf(service, change)),
      changes.flatMap(({ event }) => traces.get(event) ?? []),
    );
    for (const change of changes) onPublished(change);
  };
}
