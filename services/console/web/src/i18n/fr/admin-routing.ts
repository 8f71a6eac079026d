import type { Texts } from '../texts.ts';

export const adminRouting: Texts<'adminRouting'> = {};
