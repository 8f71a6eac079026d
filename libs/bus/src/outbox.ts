/** What goes out to the server at the end of the turn. */
export interface Outbox {
  /** `send` must not throw for anything but a connection that is closed for good. */
  add(send: () => void): void;
  /** Sends what waits, now. */
  flush(): void;
}

/** A turn that takes longer does not keep its first messages from those who could work on them meanwhile (ms). */
const longestMs = 2;

/**
 * Collects what is sent while the event loop hands over what has come in, and sends it together: the client writes to
 * its socket once per microtask, which under load is once per message, and the writes cost more than all else.
 */
export function createOutbox(): Outbox {
  let waiting: (() => void)[] = [];
  let sinceMs = 0;
  const flush = (): void => {
    const sends = waiting;
    waiting = [];
    for (const send of sends) attempt(send);
  };
  return {
    flush,
    add: (send) => {
      const nowMs = performance.now();
      waiting.push(send);
      if (waiting.length === 1) {
        sinceMs = nowMs;
        setImmediate(flush);
      } else if (nowMs - sinceMs > longestMs) flush();
    },
  };
}

/** On a closed connection nothing can be told any more: what was not acknowledged comes again. */
function attempt(send: () => void): void {
  try {
    send();
  } catch {
    // The others of the turn are to be tried too.
  }
}
