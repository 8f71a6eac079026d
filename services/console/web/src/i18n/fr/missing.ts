import type { Texts } from '../texts.ts';

export const missing: Texts<'missing'> = { title: 'Cette page n’existe pas', back: 'Au début' };
