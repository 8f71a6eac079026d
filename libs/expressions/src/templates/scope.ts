import { type Expression, parseExpression } from '@patchcord/contracts';

/** What an expression comes to. A value may be `null`; a name may be known and have no value. */
export type Evaluation =
  | { readonly found: true; readonly value: unknown }
  /** `note`: why it is likely a mistake, e.g. a name that no call ever has. */
  | { readonly found: false; readonly note?: string }
  | { readonly error: string };

/** Where names get their values: read only, and nothing is called or computed by whoever writes an expression. */
export interface Scope {
  evaluate(expression: Expression): Evaluation;
  /** Every name that has a value now. */
  names(): string[];
}

/** The value of an expression (`ivr.email`, also in braces). Never throws. */
export function evaluate(expression: string | Expression, scope: Scope): Evaluation {
  if (typeof expression !== 'string') return scope.evaluate(expression);
  const parsed = parseExpression(expression);
  return parsed.ok ? scope.evaluate(parsed.expression) : { error: `expected ${parsed.problem.expected}` };
}

/** GIVEN: there is a value, and it is not empty text. */
export const isGiven = (evaluation: Evaluation): boolean => !isAbsent(evaluation) && foundValue(evaluation) !== '';

/** The value, or undefined where there is none. */
export const foundValue = (evaluation: Evaluation): unknown =>
  'found' in evaluation && evaluation.found ? evaluation.value : undefined;

/** IS_NULL: there is no value, or it is null. */
export const isAbsent = (evaluation: Evaluation): boolean => (foundValue(evaluation) ?? null) === null;
