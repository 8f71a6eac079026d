import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { producerConnection, redisTrouble, untilReady, workerConnection } from './connection.ts';
import { type Flow, openFlows } from './flow.ts';
import { type JobsLog, silentLog } from './log.ts';
import { type JobQueue, openQueue, type QueuePolicy } from './queue.ts';
import { type JobWorker, startWorker, type WorkerOptions } from './worker.ts';

export interface JobsOptions {
  readonly redisUrl: string;
  readonly log?: JobsLog;
}

/** Durable work on BullMQ: one connection for all producers, one for all workers (and a blocking one for each). */
export interface Jobs {
  /** Names are those of `contracts/names.ts`. Asking twice for a name gives the same queue. */
  queue<T>(name: string, schema: z.ZodType<T>, policy: QueuePolicy): JobQueue<T>;
  worker<T>(name: string, schema: z.ZodType<T>, options: WorkerOptions<T>): JobWorker;
  /**
   * Adds a job together with those that it waits for, all or none. What is known by its id, also when it is over, stays as
   * it is. Rejects as a queue's `add` does.
   */
  addFlow<Root, Child>(flow: Flow<Root, Child>): Promise<void>;
  /** Names of all queues that were ever added to. */
  queueNames(): Promise<string[]>;
  /** Whether Redis can be added to. */
  healthy(): boolean;
  /** Stops the workers, then closes what is left. */
  close(): Promise<void>;
}

const queuesKey = `${redisKeys.bullPrefix}:_queues`;
/** How often a queue's name is written again, in case Redis lost it (ms). */
const registerAgainMs = 60_000;

export function createJobs({ redisUrl, log = silentLog }: JobsOptions): Jobs {
  const producer = producerConnection(redisUrl, log);
  let workerSide: Redis | undefined;
  // One object per name, whatever its payload: the schema belongs to the name by convention of the catalog.
  const queues = new Map<string, JobQueue<never>>();
  const workers = new Set<JobWorker>();
  const register = createRegister(producer);
  const flows = openFlows({ redis: producer, log, register });

  return {
    queue: <T>(name: string, schema: z.ZodType<T>, policy: QueuePolicy): JobQueue<T> => {
      const known = queues.get(name) as JobQueue<T> | undefined;
      if (known !== undefined) return known;
      const opened = openQueue(name, schema, policy, { redis: producer, log, register });
      queues.set(name, opened as unknown as JobQueue<never>);
      return opened;
    },
    worker: (name, schema, options) => {
      workerSide ??= workerConnection(redisUrl, log);
      const started = startWorker(name, schema, options, { redis: workerSide, log });
      const stop = async (graceMs?: number): Promise<void> => {
        workers.delete(tracked);
        await started.stop(graceMs);
      };
      const tracked: JobWorker = { ...started, stop };
      workers.add(tracked);
      return tracked;
    },
    addFlow: (flow) => flows.add(flow),
    queueNames: async () => {
      await untilReady(producer);
      return producer.smembers(queuesKey).catch((error: unknown) => {
        throw redisTrouble(error);
      });
    },
    healthy: () => producer.status === 'ready',
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.stop()));
      await Promise.allSettled([...[...queues.values()].map((queue) => queue.close()), flows.close()]);
      producer.disconnect();
      workerSide?.disconnect();
    },
  };
}

function createRegister(redis: Redis): (name: string) => Promise<void> {
  const registeredAt = new Map<string, number>();
  return async (name) => {
    const now = Date.now();
    if (now - (registeredAt.get(name) ?? Number.NEGATIVE_INFINITY) < registerAgainMs) return;
    await redis.sadd(queuesKey, name);
    registeredAt.set(name, now);
  };
}
