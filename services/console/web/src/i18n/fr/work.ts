import type { Texts } from '../texts.ts';

export const work: Texts<'work'> = {
  title: 'Envois',
  columns: {
    state: 'État',
    destination: 'Destination',
    cause: 'Cause',
    attempts: 'Tentatives',
    answer: 'Dernière réponse',
    when: 'Quand',
  },
  states: {
    queued: 'en file',
    retrying: 'nouvelle tentative',
    succeeded: 'réussi',
    dead: 'mort',
    discarded: 'écarté',
  },
  none: 'Rien n’a encore été envoyé.',
};
