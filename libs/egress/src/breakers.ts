import { Failure, isFailure } from '@patchcord/contracts';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
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

/**
 * One circuit breaker per destination. Only transient failures count: a destination that says no is alive. What kept us
 * from asking it, a limit or trouble of our own, says nothing of it: failures before and after are in a row, and a trial
 * that it befell is made again later.
 */
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
  /** A trial was not let out by a limit of ours, which says that nothing is before this time (ms since 1970). */
  limitedUntil: number;
}

/** While a trial is under way, others are told to come back after this time (ms). */
const trialPatienceMs = 1000;

export function createBreakers(options: BreakersOptions = {}): Breakers {
  const { failures = 5, openMs = 10_000, random = Math.random, onChange } = options;
  const breakers = new Map<string, Breaker>();

  const make = (key: string): Breaker => {
    const policy = circuitBreaker(handleType(Counted), {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    const breaker: Breaker = { policy, change: { key, state: 'closed', since: new Date() }, limitedUntil: 0 };
    policy.onStateChange((state) => {
      breaker.change = { key, state: nameOf(state), since: new Date() };
      onChange?.(breaker.change);
    });
    breakers.set(key, breaker);
    return breaker;
  };
  // Spread over one more period: all that waits would otherwise come back in the same moment.
  const openFailure = ({ change, limitedUntil }: Breaker): Failure =>
    circuitOpen(new Date(Math.max(change.since.getTime() + openMs, limitedUntil, Date.now()) + random() * openMs));

  return {
    execute: async (key, run) => {
      const breaker = breakers.get(key) ?? make(key);
      if (breaker.policy.state === CircuitState.HalfOpen) {
        throw circuitOpen(new Date(Date.now() + trialPatienceMs * (1 + random())));
      }
      try {
        return unwrap(await breaker.policy.execute(() => settle(run, breaker.policy.state === CircuitState.HalfOpen)));
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw openFailure(breaker);
        if (error instanceof Counted) {
          breaker.limitedUntil = failureOf(error.settled)?.retryAt?.getTime() ?? 0;
          return unwrap(error.settled);
        }
        if (error instanceof NotAsked) return unwrap(error.settled);
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

/** How a transient failure is shown to the breaker, which counts it. */
class Counted extends Error {
  readonly settled: Settled<never>;
  constructor(settled: Settled<unknown>) {
    super('counted by the breaker');
    this.settled = settled as Settled<never>;
  }
}

/** The breaker neither counts it as a failure nor as a success. */
class NotAsked extends Error {
  readonly settled: Settled<never>;
  constructor(settled: Settled<unknown>) {
    super('the destination was not asked');
    this.settled = settled as Settled<never>;
  }
}

async function settle<T>(run: () => Promise<T>, isTrial: boolean): Promise<Settled<T>> {
  const settled = await run().then(
    (value): Settled<T> => ({ value }),
    (error: unknown): Settled<T> => ({ error }),
  );
  const failure = failureOf(settled);
  if (failure === undefined) return settled;
  // A trial that was none must not close the breaker: it waits for another one.
  if (failure.class === 'transient' || (isTrial && wasNotAsked(failure))) throw new Counted(settled);
  if (wasNotAsked(failure)) throw new NotAsked(settled);
  return settled;
}

/** Limits of ours, and our own trouble: there is no answer that it could be of. */
const wasNotAsked = ({ class: kind, status }: Failure): boolean =>
  status === undefined && (kind === 'throttled' || kind === 'own-trouble');

function failureOf(settled: Settled<unknown>): Failure | undefined {
  if ('error' in settled) return isFailure(settled.error) ? settled.error : undefined;
  return isOutcome(settled.value) && !settled.value.ok ? settled.value.failure : undefined;
}

const isOutcome = (value: unknown): value is EgressOutcome =>
  typeof value === 'object' && value !== null && 'ok' in value && 'durationMs' in value;

function unwrap<T>(settled: Settled<T>): T {
  if ('error' in settled) throw settled.error;
  return settled.value;
}
