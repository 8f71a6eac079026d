import type { Texts } from '../texts.ts';

export const ops: Texts<'ops'> = {};
