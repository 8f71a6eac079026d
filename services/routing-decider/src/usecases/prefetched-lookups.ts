import type { RoutingRule } from '@patchcord/contracts';
import type { PrefetchedCall } from '../domain/prefetch-news.ts';
import type { Prefetch, Prefetches, Question } from '../domain/prefetches.ts';
import type { SharedLookup, SharedReply } from './shared-lookups.ts';

/** `there`: nobody waited. `waited`: for what was left. `gave-up`: asked again. `none`: nothing was begun for this. */
export type PrefetchUse = 'there' | 'waited' | 'gave-up' | 'none';

export interface PrefetchedLookupsOptions {
  readonly lookup: SharedLookup;
  readonly prefetches: Pick<Prefetches, 'find'>;
  /** A dialplan asks about a call that nobody has looked up. */
  readonly onAsked: (rule: RoutingRule, call: PrefetchedCall) => void;
  readonly onUse: (use: PrefetchUse) => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/**
 * Uses what was fetched beforehand, or is being fetched, on whatever replica. Whoever waits for it asks for himself after
 * half of his time: the replica that fetches may be gone.
 */
export function createPrefetchedLookups(options: PrefetchedLookupsOptions): SharedLookup {
  const { lookup, prefetches, onUse, now } = options;
  return async (rule, request, timeoutMs) => {
    if (!rule.prefetch.enabled) return lookup(rule, request, timeoutMs);
    const prefetch = prefetches.find(rule, request);
    if (prefetch === undefined) {
      onUse('none');
      tellAsked(options, rule, request);
      return lookup(rule, request, timeoutMs);
    }
    if (prefetch.reply !== undefined) {
      onUse('there');
      return { reply: prefetch.reply, prefetched: true };
    }
    const startedAt = now();
    const reply = await answerWithin(prefetch, Math.min(timeoutMs / 2, prefetch.until - startedAt));
    onUse(reply === undefined ? 'gave-up' : 'waited');
    if (reply !== undefined) return { reply, prefetched: true };
    const left = (ms: number): number => Math.max(1, Math.floor(ms - (now() - startedAt)));
    const own = lookup(rule, { ...request, budgetMs: left(request.budgetMs) }, left(timeoutMs));
    return Promise.race([own, prefetched(prefetch, own)]);
  };
}

/** He who asks for himself still takes what comes first. */
async function prefetched({ answer }: Prefetch, own: Promise<SharedReply>): Promise<SharedReply> {
  const reply = await answer;
  return reply === undefined ? own : { reply, prefetched: true };
}

function answerWithin({ answer }: Prefetch, ms: number): Prefetch['answer'] {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    void answer.then((reply) => {
      clearTimeout(timer);
      resolve(reply);
    });
  });
}

function tellAsked({ onAsked }: PrefetchedLookupsOptions, rule: RoutingRule, { tenantId, ruleId, input }: Question) {
  const { callId, dtmf, ani, dnis } = input;
  if (callId === undefined || dtmf !== undefined) return;
  onAsked(rule, {
    tenantId,
    ruleId,
    callId,
    ...(ani === undefined ? {} : { ani }),
    ...(dnis === undefined ? {} : { dnis }),
  });
}
