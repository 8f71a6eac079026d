import type { Texts } from '../texts.ts';

export const adminSites: Texts<'adminSites'> = {};
