import type { Texts } from '../texts.ts';

export const timeline: Texts<'timeline'> = {
  title: 'Ce qui s’est passé pendant cet appel',
  back: 'Tous les appels',
  decision: 'Règle {{rule}} : vers {{destination}}',
  row: 'ligne {{row}} retenue',
  took: '{{ms}} ms',
  trace: 'trace {{traceId}}',
  attempt: 'Tentative {{attempt}}',
  missing: {
    dispositions: 'Les qualifications ne peuvent pas être affichées pour l’instant.',
    deliveries: 'Les envois aux CRM ne peuvent pas être affichés pour l’instant.',
  },
};
