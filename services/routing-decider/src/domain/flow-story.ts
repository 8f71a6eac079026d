import type { FlowEffect, FlowNote } from '@patchcord/flows';

/** A line of what happened to a call in a flow. Holds nothing of the caller. */
export type StoryLine = Omit<FlowNote, 'effect' | 'about'> & { readonly about: FlowNote['about'] | 'automation' };

/** What a step did, for the log. Nobody runs automations: that they were due is all there is to tell. */
export const storyOf = (effects: readonly FlowEffect[]): StoryLine[] =>
  effects.flatMap((effect): StoryLine[] => {
    if (effect.effect === 'set-variables') return [];
    if (effect.effect === 'run-automation') {
      const { module, automation, position } = effect;
      return [{ about: 'automation', module, text: `"${automation}" is due at "${position}" and is not run` }];
    }
    const { effect: _, ...line } = effect;
    return [line];
  });
