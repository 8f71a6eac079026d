import { asFailure, type Failure } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import type { AmiSnapshot } from '../snapshot.ts';
import { type AmiClient, connectAmi } from './client.ts';
import { amiFailure } from './failures.ts';
import { createFeed, type Feed } from './feed.ts';
import type { AmiConnectorOptions, AmiLimits } from './options.ts';
import type { Outbox } from './outbox.ts';
import { type Listing, type RestartDetector, readSnapshot, readStart } from './resync.ts';
import type { AmiReport, AmiState } from './status.ts';

/** What is known of the PBX and of the connection to it, across connections. */
export interface Board {
  state: AmiState;
  connected: boolean;
  booted: boolean;
  lastEventAtMs: number | undefined;
  /** When the connection before ended. */
  lostAtMs: number | undefined;
  gaps: number;
  restarts: number;
  failure: Failure | undefined;
  client: AmiClient | undefined;
}

export const createBoard = (): Board => ({
  state: 'connecting',
  connected: false,
  booted: false,
  lastEventAtMs: undefined,
  lostAtMs: undefined,
  gaps: 0,
  restarts: 0,
  failure: undefined,
  client: undefined,
});

/** What one connection works with. */
export interface Visit {
  readonly options: AmiConnectorOptions;
  readonly limits: AmiLimits;
  readonly outbox: Outbox;
  readonly board: Board;
  readonly detector: RestartDetector;
  readonly report: (report: AmiReport) => void;
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** How a connection ended, and how long it was logged in (0: never). */
export interface VisitEnd {
  readonly failure: Failure;
  readonly livedMs: number;
}

/** One connection from its beginning to its end. Never rejects. */
export async function visit(context: Visit): Promise<VisitEnd> {
  const { board } = context;
  const session = createSession(context);
  try {
    const client = await connectAmi({ ...context.options, ...context.limits, ...session, signal: context.signal });
    const since = performance.now();
    Object.assign(board, { state: 'resynchronising', connected: true, failure: undefined, client });
    const failure = await session.attend(client);
    noteLoss(context, failure);
    return { failure, livedMs: Math.max(1, performance.now() - since) };
  } catch (error) {
    board.failure = asFailure(error);
    return { failure: board.failure, livedMs: 0 };
  }
}

function noteLoss({ board, clock, report, signal }: Visit, failure: Failure): void {
  Object.assign(board, { connected: false, booted: false, client: undefined, lostAtMs: clock(), failure });
  if (signal.aborted) return;
  board.gaps += 1;
  report({ kind: 'gap', failure });
}

interface Session {
  readonly onEvent: (message: AmiMessage) => void;
  /** Resynchronises, then stays until the connection ends. */
  attend(client: AmiClient): Promise<Failure>;
}

function createSession(context: Visit): Session {
  const { options, limits, outbox, board, clock, report } = context;
  let client: AmiClient | undefined;
  let boot: Boot | undefined;
  const feed = createFeed({
    mapper: options.mapper,
    emit: (events) => outbox.add(events),
    onDefect: (error, message) => report({ kind: 'message-failed', error, event: message && field(message, 'Event') }),
  });

  return {
    onEvent(message) {
      const atMs = clock();
      board.lastEventAtMs = atMs;
      if (field(message, 'Event') === 'FullyBooted') {
        boot = { uptimeS: Number(field(message, 'Uptime')), atMs };
        board.booted = true;
      }
      feed.accept(message, atMs);
      if (outbox.full()) client?.close(amiFailure('ami_overloaded', `${outbox.depth()} events wait to be published`));
      if (feed.held() > limits.maxHeldMessages)
        client?.close(amiFailure('ami_overloaded', 'too much came during a resynchronisation'));
    },
    async attend(connected) {
      client = connected;
      try {
        const booted = await connected.waitForBoot(limits.bootTimeoutMs);
        await resynchronise(connected, feed, { context, boot });
        if (!booted) {
          // Either this user may not read class `system`, or the PBX takes long to load: then it knew little before.
          await connected.waitForBoot();
          feed.hold();
          await resynchronise(connected, feed, { context, boot });
        }
      } catch (error) {
        connected.close(asFailure(error));
      }
      const failure = await connected.closed;
      // A connection that broke before its snapshot came: what it told is true nevertheless.
      feed.release(undefined, clock());
      return failure;
    },
  };
}

/** From `FullyBooted`: seconds the PBX has been up, and when it said so. */
interface Boot {
  readonly uptimeS: number;
  readonly atMs: number;
}

interface ResyncContext {
  readonly context: Visit;
  readonly boot: Boot | undefined;
}

async function resynchronise(client: AmiClient, feed: Feed, { context, boot }: ResyncContext): Promise<void> {
  const { board, clock, detector, report } = context;
  board.state = 'resynchronising';
  let takenAtMs = clock();
  const onTaken = (): void => {
    takenAtMs = clock();
    feed.mark();
  };
  const [startedAs, listing] = await Promise.all([readStart(client), readSnapshot(client, onTaken)]);
  const restarted = detector.isNew({
    startedAs,
    uptimeS: boot?.uptimeS,
    atMs: boot?.atMs ?? takenAtMs,
    lostAtMs: board.lostAtMs,
  });
  if (restarted) board.restarts += 1;
  feed.release(snapshotOf(listing, { restarted, lostAtMs: board.lostAtMs }), takenAtMs);
  board.state = 'live';
  report({ kind: 'live', resynchronised: listing !== undefined, restarted, channels: listing?.channels.length ?? 0 });
}

/** A restart says by itself that nothing of before is left, even to a user who may not list channels. */
function snapshotOf(
  listing: Listing | undefined,
  gap: Pick<AmiSnapshot, 'restarted' | 'lostAtMs'>,
): AmiSnapshot | undefined {
  if (listing !== undefined) return { ...listing, ...gap };
  return gap.restarted ? { channels: [], queues: undefined, ...gap } : undefined;
}
