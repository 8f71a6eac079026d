import { compilePattern, type FlowModuleOf, type FlowPrompt } from '@patchcord/contracts';
import { type Entry, type EntryRules, entryOf, terminatorsOf } from '../dtmf.ts';
import { renderPrompts } from '../heard.ts';
import type { FlowInput } from '../input.ts';
import type { Run } from '../run.ts';
import type { FlowState } from '../state.ts';
import { type Behaviour, go, type Outcome, type Patch, stay } from './behaviour.ts';
import { unplayed } from './play.ts';
import { chooseRoute } from './routes.ts';

type InputReader = FlowModuleOf<'input-reader'>;
type SimpleMenu = FlowModuleOf<'simple-menu'>;
type Asking = InputReader | SimpleMenu;

/** How long the key that would have ended a full entry is still taken for it (ms): fingers finish what they began. */
const strayMs = 2000;

const isReader = (module: Asking): module is InputReader => module.type === 'input-reader';

const rulesOf = (module: Asking): EntryRules =>
  isReader(module)
    ? { maxDigits: module.max, terminators: terminatorsOf(module.terminationDigit) }
    : { maxDigits: 1, terminators: [] };

/** Asks for keys, and again, until they fit or the attempts are used up. */
export const read: Behaviour<Asking> = {
  phase: 'read',
  open: () => ({ kind: 'ask', patch: { phase: 'read', attempt: 1, noInputs: 0, noMatches: 0 } }),
  on: (run, module, state, input) => {
    if (input.type !== 'digits' && input.type !== 'timeout' && input.type !== 'failed') return stay;
    if (input.type === 'failed') run.note(module, { about: 'text', text: unplayed(input.reason) });
    return judge(run, module, state, enteredIn(run, module, state, input));
  },
  instruction: (run, module, state) => {
    const { prompts, notes } = renderPrompts(promptsOf(module, state), run.scope());
    for (const text of notes) run.note(module, { about: 'text', text });
    const [first, between] = isReader(module)
      ? [module.readTimeoutMs, module.betweenDigitsTimeoutMs]
      : [module.timeoutMs, module.timeoutMs];
    return {
      do: 'read',
      turn: state.turn,
      prompts,
      ...rulesOf(module),
      terminators: [...rulesOf(module).terminators],
      firstDigitTimeoutMs: first,
      betweenDigitsTimeoutMs: between,
      bargeIn: module.bargeIn,
    };
  },
};

/** What went wrong, then the question again. */
function promptsOf({ prompt, noInputPrompts, noMatchPrompts }: Asking, state: FlowState): FlowPrompt[] {
  const { again, noInputs = 0, noMatches = 0 } = state;
  const [all, times] = again === 'no-input' ? [noInputPrompts, noInputs] : [noMatchPrompts, noMatches];
  const why = again === undefined ? undefined : all[Math.min(times, all.length) - 1];
  return [why, prompt].filter((one) => one !== undefined);
}

function enteredIn(run: Run, module: Asking, { stray }: FlowState, input: FlowInput): Entry {
  if (input.type !== 'digits') return { kind: 'nothing' };
  const keys = stray !== undefined && run.context.now <= stray.until ? stray.keys : '';
  return entryOf(input, rulesOf(module), keys);
}

function judge(run: Run, module: Asking, state: FlowState, entry: Entry): Outcome {
  switch (entry.kind) {
    case 'stray':
      return { kind: 'ask', patch: { phase: 'read', steps: 0, stray: undefined } };
    case 'nothing':
      if (isReader(module) && module.ignoreNoInput) return ignored(run, module);
      return again(run, module, state, 'no-input');
    case 'entry':
      return fits(module, entry.keys)
        ? taken(run, module, state, entry)
        : again(run, module, { ...state, steps: 0, stray: strayAfter(run, module, entry) }, 'no-match');
  }
}

function fits(module: Asking, keys: string): boolean {
  if (!isReader(module)) return Object.hasOwn(module.options, keys);
  if (keys.length < module.min) return false;
  const compiled = module.pattern === undefined ? undefined : compilePattern(module.pattern);
  return compiled === undefined || (compiled.ok && compiled.regex.matches(keys));
}

type Entered = Extract<Entry, { kind: 'entry' }>;

function strayAfter({ context }: Run, module: Asking, { full }: Entered): FlowState['stray'] {
  const { terminators } = rulesOf(module);
  return full && terminators.length > 0 ? { keys: terminators.join(''), until: context.now + strayMs } : undefined;
}

function taken(run: Run, module: Asking, { attempt }: FlowState, entry: Entered): Outcome {
  const { keys } = entry;
  const patch: Patch = { steps: 0, stray: strayAfter(run, module, entry) };
  run.note(module, {
    about: 'input',
    text: `attempt ${attempt}: ${isReader(module) ? 'an entry' : 'a key'} that fits`,
  });
  if (!isReader(module)) return go(module.options[keys], patch);
  run.write({ [variableOf(module)]: keys });
  return go(chooseRoute(run, module), patch);
}

const variableOf = ({ variable }: InputReader): string => `app.inputReader.${variable}`;

function again(run: Run, module: Asking, state: FlowState, why: 'no-input' | 'no-match'): Outcome {
  const { attempt = 1, noInputs = 0, noMatches = 0, steps, stray } = state;
  const what = why === 'no-input' ? 'nothing was entered' : 'what was entered does not fit';
  run.note(module, { about: why, text: `attempt ${attempt} of ${module.maxAttempts}: ${what}` });
  const patch: Patch = { steps, stray };
  if (attempt >= module.maxAttempts) return { ...failed(run, module), patch };
  const counts = why === 'no-input' ? { noInputs: noInputs + 1 } : { noMatches: noMatches + 1 };
  return { kind: 'ask', patch: { ...patch, phase: 'read', attempt: attempt + 1, again: why, ...counts } };
}

function ignored(run: Run, module: InputReader): Outcome {
  run.note(module, { about: 'no-input', text: 'nothing was entered, and nothing need be' });
  forget(run, module);
  return go(chooseRoute(run, module));
}

function failed(run: Run, module: Asking): { readonly kind: 'go'; readonly to: string | undefined } {
  if (!isReader(module)) return { kind: 'go', to: module.next };
  forget(run, module);
  return { kind: 'go', to: module.otherwise ?? chooseRoute(run, module) };
}

/** What he entered when he was here before is not what he entered now. */
function forget(run: Run, module: InputReader): void {
  const name = variableOf(module);
  if (run.has(name)) run.write({ [name]: null });
}
