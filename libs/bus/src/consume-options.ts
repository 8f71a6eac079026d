import type { AnyEvent, Failure, StreamSpec } from '@patchcord/contracts';
import type { MessageContext } from './message-context.ts';

export interface ConsumeOptions<E extends AnyEvent> {
  readonly stream: StreamSpec;
  readonly service: string;
  /** Names the durable consumer together with the service; replicas of the service share it. */
  readonly purpose: string;
  readonly filterSubject?: string;
  /** So many messages are handled at once. Default 16. */
  readonly concurrency?: number;
  /** Messages of the same key are handled one after another. Default: tenant and call (or other entity). */
  readonly keyOf?: (event: E) => string;
  /** Acknowledged when it resolves. A redelivered message comes after later ones of its key. */
  readonly handle: (event: E, ctx: MessageContext) => Promise<void>;
  /**
   * Handles all that has come, in order, one batch at a time; acknowledged together when it resolves. When it throws
   * something that does not pass by itself, each message is tried by `handle`, so that one bad one holds up no other.
   */
  readonly handleBatch?: (items: { event: E; ctx: MessageContext }[]) => Promise<void>;
  /** Default 500. */
  readonly maxBatch?: number;
  /** A message whose handler throws anything but a `Failure` is delivered so often. Default 5. */
  readonly maxDeliver?: number;
  /** Delay before the second, third … delivery; the last one repeats. */
  readonly redeliveryDelaysMs?: readonly number[];
  /** A message of a process that died is delivered to another after this; work under way keeps it. Default 6 s. */
  readonly ackWaitMs?: number;
  /** Where a consumer that does not exist yet begins. Default `all`. */
  readonly startFrom?: 'all' | 'new';
  /** How long `stop` waits for handlers under way. Default 8 s. */
  readonly stopDeadlineMs?: number;
  /** Told of each message that was not handled, after it was given back or buried. */
  readonly onError?: (failure: Failure, ctx: MessageContext, fate: 'redeliver' | 'dead-letter') => void;
}
