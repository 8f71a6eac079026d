import { askedInputs, type LookupReply, type LookupRequest, type RoutingRule } from '@patchcord/contracts';
import { createRecentAnswers } from '../domain/recent-answers.ts';

export type Lookup = (request: LookupRequest, timeoutMs: number) => Promise<LookupReply>;

export interface SharedReply {
  readonly reply: LookupReply;
  /** Nobody was asked: it is the answer to the same question before. */
  readonly cached?: true;
  /** Asked when the call was offered. */
  readonly prefetched?: true;
}

/** Asks by a rule, but nobody twice for the same. Rejects as the lookup does. */
export type SharedLookup = (rule: RoutingRule, request: LookupRequest, timeoutMs: number) => Promise<SharedReply>;

export interface SharedLookupsOptions {
  readonly lookup: Lookup;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** How many answers are kept, over all rules. */
  readonly most?: number;
}

interface Running {
  readonly reply: Promise<LookupReply>;
  readonly endsAt: number;
}

/**
 * The same questions at the same time become one, and answers are used again for the rule's `cacheSeconds`. Both hang on
 * the rule as it is now, by its identity: one that changes begins anew. Failures are never kept.
 */
export function createSharedLookups({ lookup, now, most = 5000 }: SharedLookupsOptions): SharedLookup {
  const recent = createRecentAnswers<LookupReply>({ most, now });
  const running = new WeakMap<RoutingRule, Map<string, Running>>();

  const begin = (rule: RoutingRule, request: LookupRequest, timeoutMs: number): Promise<LookupReply> => {
    const key = questionOf(rule, request);
    const under = running.get(rule) ?? new Map<string, Running>();
    running.set(rule, under);
    const current: Running = { reply: lookup(request, timeoutMs), endsAt: now() + timeoutMs };
    const takesLonger = (under.get(key)?.endsAt ?? 0) < current.endsAt;
    if (takesLonger) under.set(key, current);
    const forget = (): void => void (under.get(key) === current && under.delete(key));
    current.reply.then(forget, forget);
    return current.reply;
  };

  return async (rule, request, timeoutMs) => {
    const key = questionOf(rule, request);
    const known = rule.cacheSeconds > 0 ? recent.get(rule, key) : undefined;
    if (known !== undefined) return { reply: known, cached: true };
    const other = running.get(rule)?.get(key);
    // One that gives up long before this caller would is not waited for: he might have had an answer.
    const joins = other !== undefined && other.endsAt - now() >= timeoutMs / 2;
    const reply = await (joins ? other.reply : begin(rule, request, timeoutMs));
    if (rule.cacheSeconds > 0 && reply.outcome !== 'failed') recent.keep(rule, key, reply, rule.cacheSeconds * 1000);
    return { reply };
  };
}

/** Everything that is sent and is not the rule's own. Two with the same cannot be told apart by the CRM. */
function questionOf(rule: RoutingRule, { tenantId, ruleId, input }: LookupRequest): string {
  // What the exact form does not send may still stand in the URL or in a header.
  const inTexts = askedInputs(rule);
  // A CRM that is connected is asked for the number, whatever call it is.
  const isTold = (name: string): boolean => (rule.crm === undefined ? rule.send === 'full' : name === 'ani');
  const told = (['ani', 'dnis', 'callId'] as const).map((name) =>
    isTold(name) || inTexts.has(name) ? (input[name] ?? null) : null,
  );
  return JSON.stringify([tenantId, ruleId, input.dtmf ?? null, ...told]);
}
