import { Failure, isFailure } from '@patchcord/contracts';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel';
import type { EgressOutcome } from './request.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerChange {
  readonly key: string;
  readonly state: BreakerState;
  readonly since: Date;
}

export interface BreakersOptions {
  /** Transient failures in a row that open a breaker. Default 5. */
  readonly failures?: number;
  /** How long it stays open before one request may try again (ms). Default 10 000. */
  readonly openMs?: number;
  readonly onChange?: (change: BreakerChange) => void;
  /** Injected for tests; in [0, 1). */
  readonly random?: () => number;
}

/** One circuit breaker per destination. Only transient failures count: a destination that says no is alive. */
export interface Breakers {
  /**
   * Runs a request of a destination and gives what it gives. Counts as failed when it throws a transient `Failure` or
   * gives an outcome with one. When the breaker is open, or its one trial is under way, throws `Failure` throttled
   * `circuit_open` without running it.
   */
  execute<T>(key: string, run: () => Promise<T>): Promise<T>;
  state(key: string): BreakerState;
  /** All breakers that were ever asked for. */
  states(): BreakerChange[];
  /** Drops the breaker of a destination that is no more. */
  forget(key: string): void;
}

interface Breaker {
  readonly policy: CircuitBreakerPolicy;
  change: BreakerChange;
}

/** While a trial is under way, others are told to come back after this time (ms). */
const trialPatienceMs = 1000;

export function createBreakers(options: BreakersOptions = {}): Breakers {
  const { failures = 5, openMs = 10_000, random = Math.random, onChange } = options;
  const breakers = new Map<string, Breaker>();

  const make = (key: string): Breaker => {
    const policy = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
    const breaker: Breaker = { policy, change: { key, state: 'closed', since: new Date() } };
    policy.onStateChange((state) => {
      breaker.change = { key, state: nameOf(state), since: new Date() };
      onChange?.(breaker.change);
    });
    breakers.set(key, breaker);
    return breaker;
  };
  // Spread over one more period: all that waits would otherwise come back in the same moment.
  const openFailure = ({ change }: Breaker): Failure =>
    circuitOpen(new Date(Math.max(change.since.getTime() + openMs, Date.now()) + random() * openMs));

  return {
    execute: async (key, run) => {
      const breaker = breakers.get(key) ?? make(key);
      if (breaker.policy.state === CircuitState.HalfOpen) {
        throw circuitOpen(new Date(Date.now() + trialPatienceMs * (1 + random())));
      }
      try {
        return unwrap(await breaker.policy.execute(() => settle(run)));
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw openFailure(breaker);
        if (error instanceof Counted) return unwrap(error.settled);
        throw error;
      }
    },
    state: (key) => breakers.get(key)?.change.state ?? 'closed',
    states: () => [...breakers.values()].map(({ change }) => change),
    forget: (key) => void breakers.delete(key),
  };
}

const nameOf = (state: CircuitState): BreakerState => {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
};

const circuitOpen = (retryAt: Date): Failure =>
  new Failure(
    'throttled',
    'circuit_open',
    'the destination failed several times in a row; waiting before the next try',
    {
      retryAt,
    },
  );

type Settled<T> = { readonly value: T } | { readonly error: unknown };

/** How a transient failure is shown to the breaker, which counts everything that is thrown. */
class Counted extends Error {
  readonly settled: Settled<never>;
  constructor(settled: Settled<unknown>) {
    super('counted by the breaker');
    this.settled = settled as Settled<never>;
  }
}

async function settle<T>(run: () => Promise<T>): Promise<Settled<T>> {
  const settled = await run().then(
    (value): Settled<T> => ({ value }),
    (error: unknown): Settled<T> => ({ error }),
  );
  if (isTransient(settled)) throw new Counted(settled);
  return settled;
}

function isTransient(settled: Settled<unknown>): boolean {
  if ('error' in settled) return isFailure(settled.error, 'transient');
  return isOutcome(settled.value) && !settled.value.ok && settled.value.failure.class === 'transient';
}

const isOutcome = (value: unknown): value is EgressOutcome =>
  typeof value === 'object' && value !== null && 'ok' in value && 'durationMs' in value;

function unwrap<T>(settled: Settled<T>): T {
  if ('error' in settled) throw settled.error;
  return settled.value;
}
