import { setTimeout as sleep } from 'node:timers/promises';

export interface RecoveryOptions {
  readonly attempt: () => Promise<void>;
  /** Recovery ends without success when this turns false. */
  readonly active: () => boolean;
  readonly onRecovered: () => void;
}

/** Repeats an attempt with growing pauses until it succeeds. One at a time. */
export interface Recovery {
  readonly start: () => void;
  readonly underWay: () => boolean;
  /** Recoveries since the last sign of life. */
  readonly failures: () => number;
  /** A sign of life. */
  readonly succeeded: () => void;
}

export function createRecovery({ attempt, active, onRecovered }: RecoveryOptions): Recovery {
  let failures = 0;
  let underWay = false;
  const run = async (): Promise<void> => {
    underWay = true;
    while (active()) {
      await sleep(Math.min(20 * 2 ** failures, 5000));
      failures += 1;
      const recovered = await attempt().then(
        () => true,
        () => false,
      );
      if (recovered) break;
    }
    underWay = false;
    onRecovered();
  };
  return {
    start: () => {
      if (!underWay) void run();
    },
    underWay: () => underWay,
    failures: () => failures,
    succeeded: () => {
      failures = 0;
    },
  };
}
