import type { FlowModuleOf } from '@patchcord/contracts';
import { evaluate, evaluateUse, isGiven } from '@patchcord/expressions';
import { renderPrompts } from '../heard.ts';
import type { FlowInput } from '../input.ts';
import type { Run } from '../run.ts';
import type { FlowState } from '../state.ts';
import { type Behaviour, go, stay } from './behaviour.ts';
import { unplayed } from './play.ts';

type Wait = FlowModuleOf<'wait-for-variable'>;

/** Waits for what a CRM writes; what is there already is not waited for. */
export const wait: Behaviour<Wait> = {
  phase: 'wait',
  open: (run, module) => {
    if (isThere(run, module)) {
      run.note(module, { about: 'wait', text: `${wanted(module)} is there already` });
      return go(module.next);
    }
    return { kind: 'ask', patch: { phase: 'wait', deadline: run.context.now + module.budgetMs } };
  },
  on: (run, module, state, input) => {
    if (isThere(run, module)) {
      run.note(module, { about: 'wait', text: `${wanted(module)} came in time` });
      return go(module.next);
    }
    if (isOver(run, state, input)) {
      run.note(module, { about: 'wait', text: `${wanted(module)} did not come within ${module.budgetMs} ms` });
      return go(module.otherwise);
    }
    if (input.type !== 'failed' || state.silent === true) return stay;
    run.note(module, { about: 'text', text: `${unplayed(input.reason)}: the rest of the wait is silent` });
    return { kind: 'ask', patch: { phase: 'wait', silent: true } };
  },
  instruction: (run, module, { turn, deadline, silent }) => {
    const remainingMs = Math.min(Math.max((deadline ?? 0) - run.context.now, 0), module.budgetMs);
    const { prompts, notes } = renderPrompts(silent === true ? [] : module.filler, run.scope());
    for (const text of notes) run.note(module, { about: 'text', text });
    return { do: 'wait', turn, deadline: run.context.now + remainingMs, remainingMs, filler: prompts };
  },
};

function isThere(run: Run, { expression, when }: Wait): boolean {
  if (when !== undefined) return evaluateUse(when, run.context.triggers, run.scope()).fires;
  return expression !== undefined && isGiven(evaluate(expression, run.scope()));
}

/** A driver that waited for this very instruction is believed, whatever the clock of another replica says. */
const isOver = ({ context: { now } }: Run, { deadline = 0, turn }: FlowState, input: FlowInput): boolean =>
  now >= deadline || (input.type === 'timeout' && input.turn === turn);

const wanted = ({ expression, when }: Wait): string =>
  when === undefined ? `"${expression}"` : `what trigger "${when.trigger}" ${when.invert ? 'rules out' : 'asks for'}`;
