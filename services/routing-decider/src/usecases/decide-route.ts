import { Failure, type RoutingDecision, type RoutingRequest, type RoutingRule } from '@patchcord/contracts';
import { type Budget, budgetOf } from '../domain/budget.ts';
import { decide, type LookupOutcome, tooLate } from '../domain/decide.ts';
import { outcomeOfError, outcomeOfReply } from '../domain/lookup-outcome.ts';
import type { SharedLookup } from './shared-lookups.ts';
import { withinBudget } from './within-budget.ts';

export interface DecideRouteOptions {
  readonly ruleOf: (tenantId: string, ruleId: string) => RoutingRule | undefined;
  readonly lookup: SharedLookup;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** The operator's own limit, beside that of the rule and of the request. */
  readonly maxBudgetMs?: number;
}

/** `arrivedAt`: when the question came in, by the same clock as `now`; the budget runs from there. */
export type DecideRoute = (request: RoutingRequest, arrivedAt: number) => Promise<RoutingDecision>;

/** Decides inside the budget, whatever the CRM and the dispatcher do. Fails only for a rule that does not exist. */
export function createDecideRoute(options: DecideRouteOptions): DecideRoute {
  let waiting = 0;
  return async (request, arrivedAt) => {
    const rule = options.ruleOf(request.tenantId, request.ruleId);
    if (rule === undefined) throw unknownRule(request.ruleId);
    const limits = [rule.budgetMs, request.budgetMs, options.maxBudgetMs];
    const budget = budgetOf(limits, options.now() - arrivedAt, waiting);
    waiting += 1;
    const lookup = await withinBudget(budget, () => ask(options, { rule, request, budget }), tooLate).finally(() => {
      waiting -= 1;
    });
    return { ...decide(rule, lookup), durationMs: Math.max(0, options.now() - arrivedAt) };
  };
}

const unknownRule = (ruleId: string): Failure =>
  new Failure('permanent', 'not_found', `there is no routing rule "${ruleId}"`);

interface Question {
  readonly rule: RoutingRule;
  readonly request: RoutingRequest;
  readonly budget: Budget;
}

async function ask({ lookup }: DecideRouteOptions, { rule, request, budget }: Question): Promise<LookupOutcome> {
  const { tenantId, ruleId, input } = request;
  try {
    return outcomeOfReply(await lookup(rule, { tenantId, ruleId, input, budgetMs: budget.lookupMs }, budget.totalMs));
  } catch (error) {
    return outcomeOfError(error);
  }
}
