/** Nothing waits longer for a frame than this (ms): a page that is not looked at has none. */
const longestWaitMs = 100;

export interface Frames<Item> {
  add(item: Item): void;
  /** What waits is dropped. */
  stop(): void;
}

/** Gathers what comes until the next frame, so that a hundred news in a second are painted once and not a hundred times. */
export function inFrames<Item>(tell: (items: readonly Item[]) => void): Frames<Item> {
  let waiting: Item[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
  };
  const flush = (): void => {
    rest();
    const items = waiting;
    waiting = [];
    tell(items);
  };
  return {
    add: (item) => {
      waiting.push(item);
      if (timer !== undefined) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, longestWaitMs);
    },
    stop: () => {
      rest();
      waiting = [];
    },
  };
}
