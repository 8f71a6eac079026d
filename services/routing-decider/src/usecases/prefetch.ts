import type { LookupReply, RoutingRule } from '@patchcord/contracts';
import { budgetOf } from '../domain/budget.ts';
import type { PrefetchedCall, PrefetchNews } from '../domain/prefetch-news.ts';
import type { Prefetches } from '../domain/prefetches.ts';
import type { SharedLookup } from './shared-lookups.ts';

/** A call that a PBX tells of. */
export interface OfferedCall {
  readonly tenantId: string;
  readonly callId: string;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  /** When it was offered, in ms since the epoch, by the PBX's clock. */
  readonly at: number;
}

/**
 * `found`, `not-found`: the answer is told to all replicas. `failed`: nothing is kept, the dialplan's own question asks
 * again. `known`: it has been asked about this call. `late`: news of long ago. `too-many`: others come first.
 */
type PrefetchOutcome = 'found' | 'not-found' | 'failed' | 'known' | 'late' | 'too-many';

type Without<News, Key extends PropertyKey> = News extends unknown ? Omit<News, Key> : never;

/** News of a rule at hand. */
export type Told = Without<PrefetchNews, 'rule'>;

export interface PrefetchOptions {
  readonly lookup: SharedLookup;
  readonly prefetches: Pick<Prefetches, 'knows'>;
  /** Tells all replicas, this one too. */
  readonly tell: (rule: RoutingRule, news: Told) => void;
  /** In ms since the epoch. */
  readonly wallNow: () => number;
  /** The operator's own limit, beside that of the rule. */
  readonly maxBudgetMs?: number;
  /** So many at once; callers who wait on the line come first. */
  readonly most?: number;
}

/** Never rejects. */
export type PrefetchCall = (rule: RoutingRule, call: OfferedCall) => Promise<PrefetchOutcome>;

export interface Prefetch {
  readonly fetch: PrefetchCall;
  /** Tells that those under way will have no answer from here: who waits for one asks for himself. */
  readonly stop: () => void;
}

/** By then a dialplan has asked, or never will (ms). Clocks of PBXs may differ from ours by some seconds. */
const oldestMs = 10_000;

/** An answer beyond this is not told around: the dialplan's own question reads it (characters). */
const longestTold = 16_384;

/** Asks the CRM when a call is offered, so that the answer is there when the dialplan asks. */
export function createPrefetch(options: PrefetchOptions): Prefetch {
  const { prefetches, tell, wallNow, most = 500 } = options;
  const underWay = new Map<PrefetchedCall, RoutingRule>();
  const fetch = async (rule: RoutingRule, call: PrefetchedCall): Promise<PrefetchOutcome> => {
    underWay.set(call, rule);
    const reply = await ask(options, rule, call);
    underWay.delete(call);
    const tellable = reply !== undefined && !(reply.outcome === 'found' && reply.value.length > longestTold);
    if (!tellable || reply.outcome === 'failed') {
      tell(rule, { ...call, state: 'failed' });
      return 'failed';
    }
    tell(rule, { ...call, state: 'answered', reply });
    return reply.outcome;
  };
  return {
    fetch: async (rule, offered) => {
      const call = callOf(rule, offered);
      if (wallNow() - offered.at > oldestMs) return 'late';
      if (prefetches.knows(rule, call)) return 'known';
      return underWay.size >= most ? 'too-many' : fetch(rule, call);
    },
    stop: () => {
      for (const [call, rule] of underWay) tell(rule, { ...call, state: 'failed' });
    },
  };
}

/** The rule that asks beforehand about such a call. */
export function prefetchingRule(
  ruleOfDid: (tenantId: string, dialled: string) => RoutingRule | undefined,
  { tenantId, direction, dnis }: OfferedCall,
): RoutingRule | undefined {
  if (direction !== 'inbound' || dnis === undefined) return undefined;
  const rule = ruleOfDid(tenantId, dnis);
  return rule?.prefetch.enabled === true ? rule : undefined;
}

const callOf = ({ id: ruleId }: RoutingRule, { tenantId, callId, ani, dnis }: OfferedCall): PrefetchedCall => ({
  tenantId,
  ruleId,
  callId,
  ...(ani === undefined ? {} : { ani }),
  ...(dnis === undefined ? {} : { dnis }),
});

/** All replicas hear of it first: whose dialplan asks meanwhile waits for this answer. */
async function ask(
  { lookup, tell, maxBudgetMs }: PrefetchOptions,
  rule: RoutingRule,
  call: PrefetchedCall,
): Promise<LookupReply | undefined> {
  const { lookupMs, totalMs } = budgetOf([rule.budgetMs, maxBudgetMs], 0);
  tell(rule, { ...call, state: 'under-way', forMs: totalMs });
  const { tenantId, ruleId, ...input } = call;
  try {
    return (await lookup(rule, { tenantId, ruleId, input, budgetMs: lookupMs }, totalMs)).reply;
  } catch {
    return undefined;
  }
}
