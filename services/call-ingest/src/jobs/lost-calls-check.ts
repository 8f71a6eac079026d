import { setTimeout as delay } from 'node:timers/promises';
import { asFailure } from '@patchcord/contracts';
import type { Logger, Part } from '@patchcord/runtime';
import type { EndLostCalls, LostCallsQuestion } from '../usecases/end-lost-calls.ts';

export interface LostCallsOf extends Omit<LostCallsQuestion, 'signal'> {
  /** Events of the PBX that are not stored yet: they may hold the ends that seem to be missing. */
  readonly queued: () => number;
}

/** After each resynchronisation: looks, beside the read loop, for calls whose end nobody saw. */
export interface LostCallsCheck extends Part {
  /** Returns at once. Replaces the check of the same PBX that is under way. */
  begin(of: LostCallsOf): void;
  /** The connection is lost: what was seen on it is of the past. The next one begins a check of its own. */
  cancel(pbxId: string): void;
}

export interface LostCallsCheckOptions {
  readonly endLostCalls: EndLostCalls;
  readonly log: Logger;
  readonly retry?: { readonly minMs: number; readonly maxMs: number };
}

export function createLostCallsCheck(options: LostCallsCheckOptions): LostCallsCheck {
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  const cancel = (pbxId: string): void => running.get(pbxId)?.abort.abort();
  return {
    name: 'lost-calls',
    begin(of) {
      const { pbxId } = of.presence;
      cancel(pbxId);
      const abort = new AbortController();
      running.set(pbxId, { abort, done: check(of, options, abort.signal) });
    },
    cancel,
    async stop() {
      for (const pbxId of running.keys()) cancel(pbxId);
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

const drainPollMs = 100;

/** Until it is done or replaced; never rejects. */
async function check(of: LostCallsOf, options: LostCallsCheckOptions, signal: AbortSignal): Promise<void> {
  const { endLostCalls, log, retry = { minMs: 1000, maxMs: 60_000 } } = options;
  const { pbxId, tenantId } = of.presence;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      while (of.queued() > 0) await delay(drainPollMs, undefined, { signal });
      const lost = await endLostCalls({ ...of, signal });
      if (lost > 0) log.warn({ pbxId, tenantId, calls: lost }, 'calls ended while nobody listened: closed as lost');
      return;
    } catch (error) {
      if (signal.aborted) return;
      const { code, message: reason } = asFailure(error);
      log[attempt === 1 ? 'warn' : 'debug']({ pbxId, code, reason }, 'lost calls could not be looked for; again soon');
      await delay(Math.min(retry.maxMs, retry.minMs * 2 ** (attempt - 1)), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
}
