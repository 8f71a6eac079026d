/** A destination that asked not to be asked until a certain time. */
interface Hold {
  readonly key: string;
  readonly until: Date;
}

/** Destinations that asked not to be asked until a certain time. Each replica learns it from its own answers. */
export interface Holds {
  /** When the destination may be asked again, or undefined when it may be now. */
  until(key: string): Date | undefined;
  hold(key: string, until: Date): void;
  /** Those that are not over. */
  all(): Hold[];
}

export function createHolds(now: () => number, onHold: () => void = () => undefined): Holds {
  const holds = new Map<string, Date>();
  return {
    until: (key) => {
      const until = holds.get(key);
      if (until === undefined || until.getTime() > now()) return until;
      holds.delete(key);
      return undefined;
    },
    hold: (key, until) => {
      const before = holds.get(key);
      if (before !== undefined && before >= until) return;
      holds.set(key, until);
      onHold();
    },
    all: () => [...holds].flatMap(([key, until]) => (until.getTime() > now() ? [{ key, until }] : [])),
  };
}
