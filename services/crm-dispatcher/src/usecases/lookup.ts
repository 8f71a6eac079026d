import type { ConfigStore } from '@patchcord/bus';
import { type LookupResult, lookupCustomCrm } from '@patchcord/connectors';
import { asFailure, Failure, type LookupReply, type LookupRequest, type RoutingRule } from '@patchcord/contracts';
import type { Breakers, Egress } from '@patchcord/egress';
import type { DispatcherMetrics } from '../adapters/metrics.ts';

export interface LookupOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly egress: Egress;
  readonly breakers: Breakers;
  readonly metrics: DispatcherMetrics;
}

export type Lookup = (request: LookupRequest) => Promise<LookupReply>;

/** A second try that could not come to anything is not begun (ms). */
const leastRetryMs = 25;

/** Asks a rule's custom CRM while a caller waits: an answer of whatever kind comes within the budget. */
export function createLookup({ config, egress, breakers, metrics }: LookupOptions): Lookup {
  return async ({ tenantId, ruleId, input, budgetMs: asked }) => {
    const startedAt = performance.now();
    const rule = config.tenant(tenantId)['routing-rule'].get(ruleId);
    if (rule === undefined) return reply(unknownRule(ruleId), startedAt);
    const place = { tenantId, key: `rule-${ruleId}` };
    const budgetMs = Math.min(asked, rule.budgetMs);
    const ask = async (timeoutMs: number): Promise<LookupResult> => {
      const begin = performance.now();
      const result = await guarded(breakers, `${tenantId}/${place.key}`, () => askCrm(egress, rule, input, timeoutMs));
      metrics.request(place, result.outcome === 'failed' ? result.failure.class : 'ok', performance.now() - begin);
      return result;
    };
    const first = await ask(budgetMs);
    const leftMs = budgetMs - (performance.now() - startedAt);
    const second = isWorthRetrying(first, leftMs, budgetMs) ? await ask(Math.floor(leftMs)) : first;
    return reply(second, startedAt);
  };
}

const askCrm = (
  egress: Egress,
  rule: RoutingRule,
  input: LookupRequest['input'],
  timeoutMs: number,
): Promise<LookupResult> => {
  const { url, fieldName, method, headers, send, answerPath, egress: policy } = rule;
  return lookupCustomCrm(egress, { url, fieldName, method, headers, send, answerPath, input, policy, timeoutMs });
};

/** The breaker counts what is thrown; a lookup's result is data again outside of it. */
async function guarded(breakers: Breakers, key: string, ask: () => Promise<LookupResult>): Promise<LookupResult> {
  try {
    return await breakers.execute(key, async () => {
      const result = await ask();
      if (result.outcome === 'failed') throw result.failure;
      return result;
    });
  } catch (error) {
    return { outcome: 'failed', failure: asFailure(error) };
  }
}

/** Once, after a failure that came fast and may be over: a connection that broke, a 502. */
const isWorthRetrying = (result: LookupResult, leftMs: number, budgetMs: number): boolean =>
  result.outcome === 'failed' && result.failure.class === 'transient' && leftMs >= Math.max(leastRetryMs, budgetMs / 2);

const unknownRule = (ruleId: string): LookupResult => ({
  outcome: 'failed',
  failure: new Failure('permanent', 'rule_not_found', `there is no routing rule "${ruleId}"`),
});

function reply(result: LookupResult, startedAt: number): LookupReply {
  const durationMs = performance.now() - startedAt;
  if (result.outcome === 'failed') return { outcome: 'failed', failure: result.failure.toData(), durationMs };
  return { ...result, durationMs };
}
