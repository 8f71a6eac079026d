import type { FlowModuleOf } from '@patchcord/contracts';
import { evaluate, evaluateUse, isGiven } from '@patchcord/expressions';
import type { Run } from '../run.ts';
import type { Behaviour } from './behaviour.ts';
import { waiting } from './waiting.ts';

type Wait = FlowModuleOf<'wait-for-variable'>;

/** Waits for what a CRM writes; what is there already is not waited for. */
export const wait: Behaviour<Wait> = waiting({
  outcome: (run, module) => (isThere(run, module) ? 'come' : undefined),
  wanted: ({ expression, when }) =>
    when === undefined ? `"${expression}"` : `what trigger "${when.trigger}" ${when.invert ? 'rules out' : 'asks for'}`,
});

function isThere(run: Run, { expression, when }: Wait): boolean {
  if (when !== undefined) return evaluateUse(when, run.context.triggers, run.scope()).fires;
  return expression !== undefined && isGiven(evaluate(expression, run.scope()));
}
