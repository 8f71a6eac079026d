import type { FlowEffect, FlowNote } from '@patchcord/flows';

/** A line of what happened to a call in a flow. Holds nothing of the caller. */
export type StoryLine = Omit<FlowNote, 'effect' | 'about'> & { readonly about: FlowNote['about'] | 'automation' };

/** What a step did, for the log. That an automation ran is told by whoever runs it. */
export const storyOf = (effects: readonly FlowEffect[]): StoryLine[] =>
  effects.flatMap((effect): StoryLine[] => {
    if (effect.effect === 'set-variables') return [];
    if (effect.effect === 'run-automation') {
      const { module, automation, position } = effect;
      return [{ about: 'automation', module, text: `"${automation}" is due at "${position}"` }];
    }
    const { effect: _, ...line } = effect;
    return [line];
  });
