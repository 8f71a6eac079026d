import type { ConfigStore } from '@patchcord/bus';
import { type Condition, type ConditionOperator, Failure, type Trigger } from '@patchcord/contracts';
import { type ConditionResult, evaluateTrigger } from '@patchcord/expressions';
import type { SampleValues } from '../domain/sample-values.ts';
import { type CallValuesDeps, callValues } from './call-values.ts';

export interface TestTrigger {
  readonly tenantId: string;
  /** The id of a stored trigger; or, of one that is not stored, its conditions. */
  readonly trigger?: string | undefined;
  readonly type?: Trigger['type'] | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly invert: boolean;
  readonly callId?: string | undefined;
  readonly session: SampleValues;
}

interface TestedCondition {
  readonly expression: string;
  readonly operator: ConditionOperator;
  /** What the value was compared with. */
  readonly expectation: string;
  /** The expectation as it is written, where that is something else. */
  readonly template?: string;
  readonly value?: unknown;
  readonly met: boolean;
  readonly note?: string;
}

export interface TestedTrigger {
  /** Whether a use of the trigger would fire: `triggered`, or with `invert` its opposite. */
  readonly fires: boolean;
  readonly triggered: boolean;
  readonly type: Trigger['type'];
  readonly invert: boolean;
  readonly conditions: readonly TestedCondition[];
  readonly notes: readonly string[];
}

/** Says whether a trigger would fire, and why. @throws Failure permanent `not_found`; what {@link callValues} throws */
export async function testTrigger(deps: CallValuesDeps, request: TestTrigger): Promise<TestedTrigger> {
  const { tenantId, callId, session, invert } = request;
  const tested = conditionsOf(deps.config, request);
  const { scope, notes } = await callValues(deps, { tenantId, callId, values: session });
  const { triggered, conditions } = evaluateTrigger(tested, scope);
  return {
    fires: triggered !== invert,
    triggered,
    type: tested.type,
    invert,
    conditions: conditions.map(testedCondition),
    notes,
  };
}

type Conditions = Pick<Trigger, 'type' | 'conditions'>;

function conditionsOf(
  config: ConfigStore,
  { tenantId, trigger, type = 'ALL', conditions = [] }: TestTrigger,
): Conditions {
  if (trigger === undefined) return { type, conditions: [...conditions] };
  const stored = config.tenant(tenantId).trigger.get(trigger);
  if (stored === undefined) throw new Failure('permanent', 'not_found', `there is no trigger "${trigger}"`);
  return stored;
}

/** Longest expectation that is shown (characters): values in it may make it much longer than it was written. */
const longestShown = 4096;

const shown = (text: string): string => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);

const testedCondition = ({ expected, expectation, verdict, ...rest }: ConditionResult): TestedCondition => ({
  ...rest,
  expectation: shown(expected ?? expectation),
  ...(expected === undefined ? {} : { template: expectation }),
  met: verdict,
});
