import type { Texts } from '../texts.ts';

export const admin: Texts<'admin'> = {};
