import type { Texts } from '../texts.ts';

export const embed: Texts<'embed'> = {};
