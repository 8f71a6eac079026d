import type { AnyEvent } from '@patchcord/contracts';
import type { EventMapper } from './feed.ts';
import type { AmiAddress } from './socket.ts';
import type { AmiReport } from './status.ts';
import type { Backoff } from './timing.ts';

export interface AmiConnectorOptions extends AmiAddress {
  readonly pbxId: string;
  readonly tenantId: string;
  readonly username: string;
  readonly secret: string;
  readonly mapper: EventMapper;
  /**
   * Stores a batch of events, in order. Rejecting with a failure that passes (transient, throttled, own trouble) means
   * "again, later"; any other failure drops the event it is about.
   */
  readonly publish: (events: readonly AnyEvent[]) => Promise<void>;
  /** Must not do slow work: it is called in the read loop. */
  readonly onReport?: ((report: AmiReport) => void) | undefined;
  readonly limits?: Partial<AmiLimits> | undefined;
  /** Epoch ms; the time of events. */
  readonly clock?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** Deadlines and bounds of a connector. */
export interface AmiLimits {
  readonly connectTimeoutMs: number;
  /** Greeting and login together. */
  readonly loginTimeoutMs: number;
  /** How long to wait for `FullyBooted` before resynchronising without it: some users never get it. */
  readonly bootTimeoutMs: number;
  readonly actionTimeoutMs: number;
  /** Silence before a Ping, and silence after it that means the peer is gone. */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly reconnect: Backoff;
  /** A connection that lived this long ends the growth of the delay before the next. */
  readonly stableAfterMs: number;
  /** Canonical events waiting to be published before the connection is dropped; about 1 kB each. */
  readonly maxQueuedEvents: number;
  /** AMI events held back during one resynchronisation before it is given up; about 1 kB each. */
  readonly maxHeldMessages: number;
  readonly batchSize: number;
  readonly publishRetry: Backoff;
}

export const defaultLimits: AmiLimits = {
  connectTimeoutMs: 5_000,
  loginTimeoutMs: 5_000,
  bootTimeoutMs: 10_000,
  actionTimeoutMs: 10_000,
  pingIntervalMs: 10_000,
  pingTimeoutMs: 10_000,
  reconnect: { minMs: 250, maxMs: 30_000 },
  stableAfterMs: 10_000,
  maxQueuedEvents: 20_000,
  maxHeldMessages: 50_000,
  batchSize: 200,
  publishRetry: { minMs: 100, maxMs: 5_000 },
};
