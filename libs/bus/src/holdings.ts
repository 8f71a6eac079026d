import type { Delivery } from './delivery.ts';

/** The deliveries of one consumption that are not settled yet. */
export interface Holdings {
  readonly size: () => number;
  readonly add: (delivery: Delivery) => void;
  readonly release: (delivery: Delivery) => void;
  /** Resolves when nothing is held any more, or after the deadline. */
  readonly idle: (deadlineMs: number) => Promise<void>;
}

/**
 * Tells the server every third of the acknowledgement deadline that they are worked on: what waits or runs longer
 * must not be delivered to another replica meanwhile.
 */
export function createHoldings(ackWaitMs: number, onRelease: () => void): Holdings {
  const held = new Set<Delivery>();
  let whenIdle: (() => void) | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  const stillWorking = (): void => {
    for (const delivery of held) delivery.working();
  };
  return {
    size: () => held.size,
    add: (delivery) => {
      held.add(delivery);
      keepAlive ??= setInterval(stillWorking, ackWaitMs / 3);
    },
    release: (delivery) => {
      held.delete(delivery);
      if (held.size === 0) {
        clearInterval(keepAlive);
        keepAlive = undefined;
        whenIdle?.();
      }
      onRelease();
    },
    idle: async (deadlineMs) => {
      if (held.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadlineMs);
        whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      // What is still under way is left to the acknowledgement deadline.
      clearInterval(keepAlive);
    },
  };
}
