import type { FlowModuleOf } from '@patchcord/contracts';
import { renderPrompts } from '../heard.ts';
import type { FlowInput } from '../input.ts';
import type { Run } from '../run.ts';
import type { FlowState } from '../state.ts';
import { type Behaviour, go, type Outcome, stay } from './behaviour.ts';
import { unplayed } from './play.ts';

type Waiting = FlowModuleOf<'wait-for-variable' | 'http-action' | 'crm-workflow'>;

interface Branch {
  readonly to: string | undefined;
  /** In words, without values. */
  readonly said: string;
}

interface WaitedFor<Module extends Waiting> {
  /** Whether what is waited for came, or is known not to come, or where the call goes by it; undefined: neither yet. */
  readonly outcome: (run: Run, module: Module, state: FlowState) => 'come' | 'given-up' | Branch | undefined;
  /** Where the call goes when the time is over. Absent: `otherwise`. */
  readonly late?: (module: Module) => string;
  /** In words, without values. */
  readonly wanted: (module: Module) => string;
  /** What is done when a call begins to wait. */
  readonly begin?: (run: Run, module: Module, state: FlowState) => void;
}

interface At<Module> {
  readonly run: Run;
  readonly module: Module;
  readonly state: FlowState;
}

/** A module in which a call waits, for `budgetMs` at most, while it hears the filler. */
export const waiting = <Module extends Waiting>(what: WaitedFor<Module>): Behaviour<Module> => ({
  phase: 'wait',
  open: (run, module, state) => {
    const known = concluded(what, { run, module, state }, 'is there already');
    if (known !== undefined) return known;
    what.begin?.(run, module, state);
    return { kind: 'ask', patch: { phase: 'wait', deadline: run.context.now + module.budgetMs } };
  },
  on: (run, module, state, input) => {
    const known = concluded(what, { run, module, state }, 'came in time');
    if (known !== undefined) return known;
    if (isOver(run, state, input)) {
      run.note(module, { about: 'wait', text: `${what.wanted(module)} did not come within ${module.budgetMs} ms` });
      return go(what.late?.(module) ?? module.otherwise);
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
});

/** Where the call goes on, once it is known whether anything comes. */
function concluded<Module extends Waiting>(
  { wanted, outcome: outcomeOf }: WaitedFor<Module>,
  { run, module, state }: At<Module>,
  how: string,
): Outcome | undefined {
  const outcome = outcomeOf(run, module, state);
  if (outcome === undefined) return undefined;
  if (typeof outcome === 'object') {
    run.note(module, { about: 'wait', text: `${wanted(module)} ${outcome.said}` });
    return go(outcome.to);
  }
  run.note(module, { about: 'wait', text: `${wanted(module)} ${outcome === 'come' ? how : 'does not come'}` });
  return go(outcome === 'come' ? module.next : module.otherwise);
}

/** A driver that waited for this very instruction is believed, whatever the clock of another replica says. */
const isOver = ({ context: { now } }: Run, { deadline = 0, turn }: FlowState, input: FlowInput): boolean =>
  now >= deadline || (input.type === 'timeout' && input.turn === turn);
