import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody on the line whose question can be put again and again, once at a time. */
export interface Caller {
  /** Resolves when the whole answer is there. Rejects on another one than was expected. */
  ask(): Promise<void>;
  close(): void;
}

const nowMs = (): number => performance.now();

/** All callers ask in the same instant. Gives how long each waited for his answer (ms), counted from that instant. */
export async function askAtOnce(callers: readonly Caller[]): Promise<number[]> {
  const askedAt = nowMs();
  return Promise.all(
    callers.map(async (caller) => {
      await caller.ask();
      return nowMs() - askedAt;
    }),
  );
}

export interface Arrivals {
  readonly perSecond: number;
  readonly forMs: number;
}

/**
 * Callers think and ask, all together `perSecond` times a second at random moments (the same ones in each run). A question
 * counts from the moment at which it was due, so that waiting for a slow machine counts too (ms).
 */
export async function askAtRate(callers: readonly Caller[], { perSecond, forMs }: Arrivals): Promise<number[]> {
  const silent = [...callers];
  const line = createLine(silent);
  const startedAt = nowMs() + 50;
  const answers: Promise<number>[] = [];
  for (const afterMs of momentsOf(perSecond, forMs)) {
    const dueAt = startedAt + afterMs;
    const wait = dueAt - nowMs();
    if (wait > 1) await sleep(wait);
    answers.push(line(dueAt));
  }
  return Promise.all(answers);
}

/** The caller who was silent for longest asks; when all are asking, the first of them who is done. */
function createLine(silent: Caller[]): (dueAt: number) => Promise<number> {
  const waiting: ((caller: Caller) => void)[] = [];
  const free = (): Promise<Caller> | Caller =>
    silent.shift() ?? new Promise<Caller>((resolve) => void waiting.push(resolve));
  return async (dueAt) => {
    const caller = await free();
    await caller.ask();
    const tookMs = nowMs() - dueAt;
    const next = waiting.shift();
    if (next === undefined) silent.push(caller);
    else next(caller);
    return tookMs;
  };
}

/** Moments (ms) with gaps as between calls that know nothing of each other. */
function momentsOf(perSecond: number, forMs: number): number[] {
  const random = seeded(1);
  const moments: number[] = [];
  for (let at = 0; at < forMs; at += (-Math.log(1 - random()) * 1000) / perSecond) moments.push(at);
  return moments;
}

/** In [0, 1), always the same row (a linear congruential generator, modulus 2^32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let serial = 0;

/** Of a caller who has not asked before: no answer to somebody else is one to him. */
export function newNumber(): string {
  serial += 1;
  return `+1415${String(serial).padStart(8, '0')}`;
}
