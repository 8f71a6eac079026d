import type { Texts } from '../texts.ts';

export const adminPeople: Texts<'adminPeople'> = {};
