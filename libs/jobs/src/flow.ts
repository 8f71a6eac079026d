import { Failure, redisKeys } from '@patchcord/contracts';
import { FlowProducer } from 'bullmq';
import type { z } from 'zod';
import { redisTrouble, untilReady } from './connection.ts';
import { type AddOptions, type Entry, type QueueContext, type QueuePolicy, toEntry } from './queue.ts';

/** A job of a flow, in a queue of its own. */
export interface FlowJob<T> extends Omit<AddOptions, 'parent'> {
  readonly queue: string;
  readonly schema: z.ZodType<T>;
  readonly policy: QueuePolicy;
  readonly job: T;
}

/**
 * A job that waits for others. It begins when all of them have succeeded: one that is dead keeps it waiting until it is
 * replayed or given up, and none of the others.
 */
export interface Flow<Root, Child> {
  readonly root: FlowJob<Root>;
  readonly children: readonly FlowJob<Child>[];
}

export interface Flows {
  add<Root, Child>(flow: Flow<Root, Child>): Promise<void>;
  close(): Promise<void>;
}

/** Adds flows to queues of any names. The BullMQ producer behind it is made at its first use. */
export function openFlows({ redis, log, register }: QueueContext): Flows {
  let bull: FlowProducer | undefined;
  const open = (): FlowProducer => {
    const producer = new FlowProducer({
      connection: redis,
      prefix: redisKeys.bullPrefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    producer.on('error', (error) => log.info({ err: error }, 'flow connection trouble'));
    return producer;
  };
  return {
    add: async ({ root, children }) => {
      const tree = { ...nodeOf(root), children: children.map((child) => nodeOf(child)) };
      await untilReady(redis);
      try {
        await Promise.all([root, ...children].map(({ queue }) => register(queue)));
        bull ??= open();
        await bull.add(tree);
      } catch (error) {
        throw error instanceof Failure ? error : redisTrouble(error);
      }
    },
    close: async () => bull?.close(),
  };
}

const nodeOf = <T>({ queue, schema, policy, ...job }: FlowJob<T>): Entry & { readonly queueName: string } => ({
  ...toEntry(job, schema, policy),
  queueName: queue,
});
