import { condition, type Trigger, trigger } from '@patchcord/contracts';
import { type ConditionResult, evaluateCondition, type Scope } from '../../src/index.ts';
import { scopeOf } from '../templates/fixture.ts';

/** `ivr.x EQ gold`, `ivr.x EQ gold strict`; everything behind the operator is the expectation. */
export interface Row {
  readonly expression?: string;
  readonly operator: string;
  readonly expectation?: string | number | boolean;
  readonly strict?: boolean;
}

/** Evaluates a condition on `ivr.v`; `undefined` is an absent value. */
export function evaluated(row: Row, value?: unknown, more: Readonly<Record<string, unknown>> = {}): ConditionResult {
  const data = { ...(value === undefined ? {} : { 'ivr.v': value }), ...more };
  return evaluateCondition(condition.parse({ expression: 'ivr.v', ...row }), scopeOf(data));
}

export const triggerOf = (id: string, type: 'ALL' | 'ANY', ...rows: readonly Row[]): Trigger =>
  trigger.parse({ id, name: id, type, conditions: rows.map((row) => ({ expression: 'ivr.v', ...row })) });

export const scope = (value?: unknown): Scope => scopeOf(value === undefined ? {} : { 'ivr.v': value });
