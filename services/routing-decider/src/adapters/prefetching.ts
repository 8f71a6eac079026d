import type { Bus } from '@patchcord/bus';
import type { RoutingRule } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import { createPrefetches } from '../domain/prefetches.ts';
import { createPrefetch, prefetchingRule } from '../usecases/prefetch.ts';
import { createPrefetchedLookups } from '../usecases/prefetched-lookups.ts';
import type { SharedLookup } from '../usecases/shared-lookups.ts';
import type { ObservedOptions } from './observed.ts';
import { observedPrefetch } from './observed-prefetch.ts';
import { createTellPrefetches, prefetchPart } from './prefetch-bus.ts';

export interface PrefetchingOptions extends ObservedOptions {
  readonly bus: Bus;
  /** For callers on the line. */
  readonly lookup: SharedLookup;
  /** For calls that are offered. Another one: who asks for himself must not join the lookup that he gave up. */
  readonly lookupAhead: SharedLookup;
  readonly ruleOf: (tenantId: string, ruleId: string) => RoutingRule | undefined;
  readonly ruleOfDid: (tenantId: string, dialled: string) => RoutingRule | undefined;
  readonly maxBudgetMs: number;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** Lookups that know what was fetched beforehand, and the part of the service that fetches. */
export function createPrefetching(options: PrefetchingOptions): { readonly lookup: SharedLookup; readonly part: Part } {
  const { bus, service, metrics, lookup, lookupAhead, ruleOf, ruleOfDid, maxBudgetMs, now } = options;
  const uses = metrics.counter('prefetch_uses', 'Questions by rules with prefetch, by what it was good for');
  const prefetches = createPrefetches({ now });
  const tell = createTellPrefetches({ bus, service, prefetches });
  const { fetch, stop } = createPrefetch({ lookup: lookupAhead, prefetches, tell, wallNow: Date.now, maxBudgetMs });
  const observed = observedPrefetch(fetch, options);
  return {
    lookup: createPrefetchedLookups({
      lookup,
      prefetches,
      onAsked: (rule, call) => tell(rule, { ...call, state: 'asked' }),
      onUse: (use) => uses.add(1, { use }),
      now,
    }),
    part: prefetchPart({
      bus,
      service,
      prefetches,
      ruleOf,
      onOffered: (call) => {
        const rule = prefetchingRule(ruleOfDid, call);
        if (rule !== undefined) void observed(rule, call);
      },
      stop,
    }),
  };
}
