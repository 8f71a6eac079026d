import type { Texts } from '../texts.ts';

export const flow: Texts<'flow'> = {};
