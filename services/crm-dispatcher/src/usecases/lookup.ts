import type { ConfigStore } from '@patchcord/bus';
import { type LookupResult, lookupCustomCrm } from '@patchcord/connectors';
import { Failure, type LookupReply, type LookupRequest, type RoutingRule } from '@patchcord/contracts';
import type { Breakers, Egress } from '@patchcord/egress';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import { askWhileWaiting } from './ask-while-waiting.ts';

export interface LookupOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly egress: Egress;
  readonly breakers: Breakers;
  readonly metrics: DispatcherMetrics;
}

export type Lookup = (request: LookupRequest) => Promise<LookupReply>;

/** Asks a rule's custom CRM while a caller waits: an answer of whatever kind comes within the budget. */
export function createLookup({ config, egress, breakers, metrics }: LookupOptions): Lookup {
  return async ({ tenantId, ruleId, input, budgetMs: asked }) => {
    const startedAt = performance.now();
    const rule = config.tenant(tenantId)['routing-rule'].get(ruleId);
    if (rule === undefined) return reply(unknownRule(ruleId), startedAt);
    const place = { tenantId, key: `rule-${ruleId}` };
    const result = await askWhileWaiting({
      breakers,
      key: `${tenantId}/${place.key}`,
      budgetMs: Math.min(asked, rule.budgetMs),
      ask: (timeoutMs) => askCrm(egress, rule, input, timeoutMs),
      onTry: (outcome, durationMs) => metrics.request(place, outcome, durationMs),
    });
    return reply(result, startedAt);
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

const unknownRule = (ruleId: string): LookupResult => ({
  outcome: 'failed',
  failure: new Failure('permanent', 'rule_not_found', `there is no routing rule "${ruleId}"`),
});

function reply(result: LookupResult, startedAt: number): LookupReply {
  const durationMs = performance.now() - startedAt;
  if (result.outcome === 'failed') return { outcome: 'failed', failure: result.failure.toData(), durationMs };
  return { ...result, durationMs };
}
