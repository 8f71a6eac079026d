export { type ConditionResult, evaluateCondition, evaluateTrigger, type TriggerResult } from './evaluate-trigger.ts';
export { type OperatorEntry, operatorCatalogue } from './operator-catalogue.ts';
export { evaluateUse, type FirstMatch, firstMatch, type Triggers, type UseResult, type Way } from './uses.ts';
