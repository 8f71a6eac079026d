import type { Condition, Trigger } from '@patchcord/contracts';
import { type Evaluation, evaluate, foundValue, isAbsent, isGiven, type Scope } from '../templates/scope.ts';
import { comparisons, type PresenceOperator, type Verdict } from './compare.ts';
import { expectedOf } from './expectation.ts';

/** What became of one condition. */
export interface ConditionResult extends Pick<Condition, 'expression' | 'operator' | 'expectation'> {
  /** What the value was compared with, where the expectation has placeholders. */
  readonly expected?: string;
  /** The value found; not there when there is none. */
  readonly value?: unknown;
  readonly verdict: boolean;
  /** What kept it from being compared as it was meant, or what is likely a mistake. Without values. */
  readonly note?: string;
}

export interface TriggerResult {
  readonly triggered: boolean;
  /** All of them, also those that no longer mattered. */
  readonly conditions: readonly ConditionResult[];
}

/** Whether a trigger fires, and why. One without conditions never does. Never throws. */
export function evaluateTrigger(
  { type, conditions }: Pick<Trigger, 'type' | 'conditions'>,
  scope: Scope,
): TriggerResult {
  const results = conditions.map((condition) => evaluateCondition(condition, scope));
  const met = results.filter(({ verdict }) => verdict).length;
  return { triggered: met > 0 && (type === 'ANY' || met === results.length), conditions: results };
}

/** One condition. What cannot be evaluated or compared is not met, whatever the operator. Never throws. */
export function evaluateCondition(condition: Condition, scope: Scope): ConditionResult {
  const { expression, operator, expectation } = condition;
  const evaluation = evaluate(expression, scope);
  const value = foundValue(evaluation);
  const { expected, ...verdict } = judge(condition, evaluation, scope);
  return {
    expression,
    operator,
    expectation,
    ...(expected === undefined || expected === expectation ? {} : { expected }),
    ...(value === undefined ? {} : { value }),
    ...verdict,
  };
}

type Judged = Verdict & { readonly expected?: string };

function judge(condition: Condition, evaluation: Evaluation, scope: Scope): Judged {
  const { operator, strict } = condition;
  if (isPresence(operator)) return noted(presenceOperators[operator](evaluation), [noteOf(evaluation)]);
  if ('error' in evaluation) return { verdict: false, note: evaluation.error };
  const expected = expectedOf(condition, scope);
  const { text, notes } = expected;
  // What an absent value is equal to is not another absent one.
  if (expected.isIncomplete) return { expected: text, ...noted(false, [noteOf(evaluation), ...notes]) };
  const { verdict, note } = comparisons[operator]({ value: foundValue(evaluation), expected, strict });
  return { expected: text, ...noted(verdict, [noteOf(evaluation), note, ...notes]) };
}

function noted(verdict: boolean, notes: readonly (string | undefined)[]): Verdict {
  const said = notes.filter((note) => note !== undefined);
  return { verdict, ...(said.length === 0 ? {} : { note: said.join('; ') }) };
}

const resolves = (evaluation: Evaluation): boolean => !('error' in evaluation);

const presenceOperators: { readonly [Operator in PresenceOperator]: (evaluation: Evaluation) => boolean } = {
  GIVEN: isGiven,
  NOT_GIVEN: (evaluation) => resolves(evaluation) && !isGiven(evaluation),
  IS_NULL: (evaluation) => resolves(evaluation) && isAbsent(evaluation),
  IS_NOT_NULL: (evaluation) => !isAbsent(evaluation),
  EVALUABLE: resolves,
  NOT_EVALUABLE: (evaluation) => !resolves(evaluation),
};

const isPresence = (operator: Condition['operator']): operator is PresenceOperator =>
  Object.hasOwn(presenceOperators, operator);

/** What is to be said of the expression itself. */
function noteOf(evaluation: Evaluation): string | undefined {
  if ('error' in evaluation) return evaluation.error;
  return evaluation.found ? undefined : evaluation.note;
}
