import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bus, callRpc } from '@patchcord/bus';
import { asFailure, type CardResultRequest, queues, type RetrySchedule, rpc, token } from '@patchcord/contracts';
import type { JobQueue, Jobs } from '@patchcord/jobs';
import type { Logger, Part } from '@patchcord/runtime';
import { z } from 'zod';

/** What the card of a call has linked and pinned. @throws Failure own-trouble */
export type ReadLinked = (
  tenantId: string,
  callId: string,
) => Promise<{ readonly linked: readonly CardLink[]; readonly pinned: readonly CardLink[] }>;

interface CardLink {
  readonly connection: string;
  readonly module: string;
  readonly id: string;
}

/** Somebody may wait for what is written into a linked record (ms). */
const readMs = 1500;
const tellMs = 2000;

export function createReadLinked(bus: Bus): ReadLinked {
  return (tenantId, callId) => callRpc(bus, rpc.linkedRecords, { tenantId, callId }, { timeoutMs: readMs });
}

/** Never rejects: false, the card will not be told. */
export type TellCard = (result: CardResultRequest) => Promise<boolean>;

/** A card that is to be told something. */
const cardTelling = z.object({ tenantId: token, result: rpc.cardResult.request, since: z.iso.datetime() });
type CardTelling = z.infer<typeof cardTelling>;

/** While nobody keeps cards it waits without being counted; what else goes wrong is no matter of time. */
const schedule: RetrySchedule = { delaysMs: [0, 1000, 5000], jitter: 0.2 };

/** An agent may look at the card: what passes at once is not waited for as long as an outage is. */
const soonAgainMs = [0, 200, 1000];

/** Nobody looks at the card of a call after that, and what was found is somebody's data (ms). */
const tellableMs = 24 * 3_600_000;

const openQueue = (jobs: Jobs): JobQueue<CardTelling> =>
  // What was told is not remembered: the card itself knows what it was told.
  jobs.queue(queues.cardResult, cardTelling, { schedule, keepSucceeded: 0 });

/** Notes that a card is to be told, before anything else is done: whatever becomes of this process, it is. */
export function createTellCard(jobs: Jobs, log: Logger): TellCard {
  const queue = openQueue(jobs);
  return async (result) => {
    const { tenantId, callId } = result;
    try {
      await queue.add({ tenantId, result, since: new Date().toISOString() }, { jobId: idOf(result) });
      return true;
    } catch (error) {
      log.warn({ tenantId, callId, code: asFailure(error).code }, 'what came of a workflow will not be on the card');
      return false;
    }
  };
}

/** The same result is one job; of two of one run the card keeps the one that says more. */
const idOf = ({ tenantId, callId, run, reply }: CardResultRequest): string =>
  `card.${createHash('sha256')
    .update(JSON.stringify([tenantId, callId, run, reply]))
    .digest('base64url')}`;

/** A card that is written, or waited for, holds nothing else up. */
const atOnce = 100;

/** Tells cards what is noted for them, by all replicas. */
export function cardTellingPart(jobs: Jobs, bus: Bus, log: Logger): Part {
  let stop = (): Promise<void> => Promise.resolve();
  return {
    name: 'card results',
    start: async () => {
      const worker = jobs.worker<CardTelling>(queues.cardResult, cardTelling, {
        concurrency: atOnce,
        schedule,
        handle: (telling) => tell(bus, log, telling),
        onDead: (telling, failure) => Promise.resolve(untold(log, telling, failure.code)),
      });
      stop = () => worker.stop();
      await worker.ready();
    },
    stop: () => stop(),
  };
}

async function tell(bus: Bus, log: Logger, telling: CardTelling): Promise<void> {
  if (Date.now() - Date.parse(telling.since) > tellableMs) return untold(log, telling, 'too_late');
  for (const waitMs of soonAgainMs) {
    await pause(waitMs);
    const failure = await callRpc(bus, rpc.cardResult, telling.result, { timeoutMs: tellMs }).then(
      () => undefined,
      asFailure,
    );
    if (failure === undefined) return;
    if (failure.class !== 'own-trouble' && failure.class !== 'transient') return untold(log, telling, failure.code);
    if (waitMs === soonAgainMs.at(-1)) throw failure;
  }
}

const untold = (log: Logger, { tenantId, result: { callId } }: CardTelling, code: string): void =>
  log.warn({ tenantId, callId, code }, 'what came of a workflow is not on the card');
