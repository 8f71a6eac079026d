import type { Failure } from '@patchcord/contracts';
import type { AmiClient } from './client.ts';
import { type AmiConnectorOptions, type AmiLimits, defaultLimits } from './options.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createRestartDetector } from './resync.ts';
import type { AmiStatus } from './status.ts';
import { backoffMs, pause } from './timing.ts';
import { createBoard, type Visit, visit } from './visit.ts';

export interface AmiConnector {
  /** Begins to connect; returns at once. Connects again for ever, until stopped. */
  start(): void;
  status(): AmiStatus;
  /** The connection, to ask the PBX for something; undefined while there is none, or none that is resynchronised. */
  client(): AmiClient | undefined;
  /** Closes the connection, publishes what is queued within the deadline, and returns how many events it gave up. */
  stop(deadlineMs?: number): Promise<number>;
}

/**
 * One PBX as a source of canonical events.
 *
 * Nothing slow happens in the read loop: Asterisk throws out a reader whose buffers are full (about 4 MB), without a
 * word. So what is mapped goes to a bounded queue that is drained beside it. When the queue is over its bound (NATS is
 * away for long), the connection is dropped on purpose and comes back, with a resynchronisation, when the queue has
 * drained to half. Pausing the socket instead would be worse: Asterisk would throw us out anyway some time later, no
 * Ping could be answered, and as AMI events carry no time, everything that waited in the socket's buffers would get a
 * false one.
 */
export function createAmiConnector(options: AmiConnectorOptions): AmiConnector {
  const limits = { ...defaultLimits, ...options.limits };
  const report = options.onReport ?? (() => undefined);
  const random = options.random ?? Math.random;
  const stopping = new AbortController();
  const board = createBoard();
  const outbox: Outbox = createOutbox({
    publish: options.publish,
    maxEvents: limits.maxQueuedEvents,
    batchSize: limits.batchSize,
    retry: limits.publishRetry,
    random,
    onTrouble: (failure) => report({ kind: 'publish-failed', failure, queued: outbox.depth() }),
    onDropped: ({ id, type }, failure) => report({ kind: 'event-dropped', event: { id, type }, failure }),
  });
  const context: Visit = {
    options,
    limits,
    outbox,
    board,
    report,
    clock: options.clock ?? Date.now,
    detector: createRestartDetector(),
    signal: stopping.signal,
  };
  let running: Promise<void> | undefined;

  return {
    start() {
      running ??= keepVisiting(context, random);
    },
    status: () => statusOf(context),
    client: () => (board.state === 'live' && board.connected ? board.client : undefined),
    async stop(deadlineMs = 5_000) {
      stopping.abort();
      await running;
      const lost = await outbox.stop(deadlineMs);
      board.state = 'stopped';
      return lost;
    },
  };
}

async function keepVisiting(context: Visit, random: () => number): Promise<void> {
  const { board, limits, outbox, report, signal } = context;
  let attempt = 0;
  while (!signal.aborted) {
    board.state = 'connecting';
    const { failure, livedMs } = await visit(context);
    if (signal.aborted) return;
    attempt = livedMs >= limits.stableAfterMs ? 1 : attempt + 1;
    if (failure.code === 'ami_overloaded') {
      board.state = 'overloaded';
      report({ kind: 'overloaded', queued: outbox.depth() });
      await outbox.drainedTo(limits.maxQueuedEvents / 2);
    }
    const nextMs = delayAfter(failure, attempt, { limits, random });
    if (livedMs === 0) report({ kind: 'connect-failed', failure, attempt, nextMs });
    await pause(nextMs, signal);
  }
}

/** What only a person can change is tried at the longest distance: a PBX may ban an address that guesses passwords. */
function delayAfter(failure: Failure, attempt: number, by: { limits: AmiLimits; random: () => number }): number {
  if (failure.class === 'permanent') return by.limits.reconnect.maxMs;
  return backoffMs(by.limits.reconnect, attempt, by.random());
}

function statusOf({ options, board, outbox }: Visit): AmiStatus {
  const { state, connected, booted, gaps, restarts, lastEventAtMs, failure } = board;
  return {
    pbxId: options.pbxId,
    tenantId: options.tenantId,
    state,
    connected,
    booted,
    gaps,
    restarts,
    queued: outbox.depth(),
    ...(lastEventAtMs === undefined ? {} : { lastEventAt: new Date(lastEventAtMs).toISOString() }),
    ...(failure === undefined ? {} : { failure: failure.toData() }),
  };
}
