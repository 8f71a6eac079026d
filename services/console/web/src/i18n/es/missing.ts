import type { Texts } from '../texts.ts';

export const missing: Texts<'missing'> = { title: 'Esta página no existe', back: 'Al inicio' };
