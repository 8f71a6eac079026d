/**
 * The time (ms, as `now` tells it) at which the event loop began to hand over what it hands over now. What is handled
 * last of 200 questions that came together came as early as the first: his time runs from there, not from where his
 * turn came.
 */
export function createTurnClock(now: () => number): () => number {
  let beganAt: number | undefined;
  const end = (): void => {
    beganAt = undefined;
  };
  return () => {
    if (beganAt === undefined) {
      beganAt = now();
      setImmediate(end);
    }
    return beganAt;
  };
}
