/**
 * Collects what comes while a batch is under way into the next one, so that batches grow with the load and a single
 * item does not wait. Batches run one after another, in order; the task must not reject.
 */
export function createBatcher<T>(maxItems: number, task: (items: T[]) => Promise<void>): (item: T) => void {
  let waiting: T[] = [];
  let running = false;
  const work = async (): Promise<void> => {
    running = true;
    // The items that arrive in one read of the socket are handed over in one turn: let them come together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      await task(batch);
    }
    running = false;
  };
  return (item) => {
    waiting.push(item);
    if (!running) void work();
  };
}
