import type { FlowModuleOf, FlowPrompt } from '@patchcord/contracts';
import { type HeardPrompts, renderPrompts } from '../heard.ts';
import type { Run } from '../run.ts';
import { type Behaviour, go, stay } from './behaviour.ts';

type Player = FlowModuleOf<'audio-player'> | FlowModuleOf<'text-to-speech'>;

const promptsOf = (module: Player): FlowPrompt[] => (module.type === 'audio-player' ? module.prompts : [module]);

const heardIn = (run: Run, module: Player): HeardPrompts => renderPrompts(promptsOf(module), run.scope());

/** Plays, and goes on. A sound that is missing must not end a call. */
export const play: Behaviour<Player> = {
  phase: 'play',
  open: (run, module) => {
    const { prompts, notes } = heardIn(run, module);
    if (prompts.length > 0) return { kind: 'ask', patch: { phase: 'play' } };
    run.note(module, { about: 'text', text: ['there is nothing to play', ...notes].join('; ') });
    return go(module.next);
  },
  on: (run, module, _state, input) => {
    if (input.type === 'failed') run.note(module, { about: 'text', text: unplayed(input.reason) });
    return input.type === 'played' || input.type === 'failed' ? go(module.next) : stay;
  },
  instruction: (run, module, { turn }) => {
    const { prompts, notes } = heardIn(run, module);
    for (const text of notes) run.note(module, { about: 'text', text });
    return { do: 'play', turn, prompts };
  },
};

/** In words, what a driver said of prompts that it could not play. */
export const unplayed = (reason: string): string => `it could not be played${reason === '' ? '' : `: ${reason}`}`;
