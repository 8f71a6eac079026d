import type { Texts } from '../texts.ts';

export const card: Texts<'card'> = {};
