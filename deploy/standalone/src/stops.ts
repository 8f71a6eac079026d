/** What was started, to be stopped once, in reverse order. */
export interface Stops {
  add(name: string, stop: () => Promise<unknown>): void;
  /** Stops everything; what fails is told and does not keep the rest. */
  run(): Promise<void>;
  /** Ctrl-C and SIGTERM stop everything and end the process; a second one ends it at once. */
  onSignals(): void;
}

/** Everything must be down within this (ms); what hangs longer is left behind. */
const withinMs = 9500;

export function createStops(say: (line: string) => void): Stops {
  const stops: { name: string; stop: () => Promise<unknown> }[] = [];
  let running: Promise<void> | undefined;
  const runAll = async (): Promise<void> => {
    for (const { name, stop } of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        say(`stopping ${name}: ${(error as Error).message}`);
      }
    }
  };
  const run = (): Promise<void> => {
    running ??= runAll();
    return running;
  };
  return {
    add: (name, stop) => void stops.push({ name, stop }),
    run,
    onSignals: () => {
      const onSignal = (): void => {
        if (running !== undefined) process.exit(1);
        say('\nstopping');
        setTimeout(() => process.exit(1), withinMs).unref();
        void run().then(() => process.exit(process.exitCode ?? 0));
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
    },
  };
}
