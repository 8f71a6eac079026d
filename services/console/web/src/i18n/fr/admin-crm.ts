import type { Texts } from '../texts.ts';

export const adminCrm: Texts<'adminCrm'> = {};
