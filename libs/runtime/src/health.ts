import { deadline } from './deadline.ts';

/** What one dependency or worker said. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
}

/** Ready means that dependencies answer and workers live. Holds no error text: outsiders may read it. */
export interface HealthReport {
  readonly ready: boolean;
  readonly checks: readonly HealthCheck[];
}

/** Resolves or returns true when well; false, a rejection or silence is not. */
export type Probe = () => unknown;

export interface HealthOptions {
  /** A probe that has not answered by then has failed (ms). */
  readonly timeoutMs?: number;
}

/** Asks every probe at once. Name them for what they reach: `nats`, `redis`, `worker:after-call`. */
export function createHealth(
  probes: Readonly<Record<string, Probe>>,
  options: HealthOptions = {},
): () => Promise<HealthReport> {
  const timeoutMs = options.timeoutMs ?? 2000;
  return async () => {
    const checks = await Promise.all(Object.entries(probes).map(([name, probe]) => ask(name, probe, timeoutMs)));
    return { ready: checks.every((check) => check.ok), checks };
  };
}

async function ask(name: string, probe: Probe, timeoutMs: number): Promise<HealthCheck> {
  const startedAt = performance.now();
  const ok = await answer(probe, timeoutMs);
  return { name, ok, durationMs: Math.round(performance.now() - startedAt) };
}

async function answer(probe: Probe, timeoutMs: number): Promise<boolean> {
  try {
    return (await deadline(Promise.resolve(probe()), timeoutMs, 'a health check')) !== false;
  } catch {
    return false;
  }
}
