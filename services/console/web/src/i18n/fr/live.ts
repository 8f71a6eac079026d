import type { Texts } from '../texts.ts';

export const live: Texts<'live'> = {
  title: 'Appels en cours',
  count_one: '{{count}} appel en cours',
  count_other: '{{count}} appels en cours',
  none: 'Aucun appel en cours.',
  columns: {
    state: 'État',
    caller: 'Appelant',
    did: 'SDA',
    queue: 'File',
    agent: 'Agent',
    since: 'Depuis',
    outcome: 'Issue',
  },
  unknownCaller: 'inconnu',
  ringing: '{{count}} sonnent',
  states: {
    ringing: 'sonne',
    ivr: 'au SVI',
    queued: 'en attente',
    talking: 'en conversation',
    held: 'en garde',
    ended: 'terminé',
  },
  outcomes: {
    answered: 'répondu',
    missed: 'manqué',
    abandoned: 'abandonné',
    failed: 'échoué',
    merged: 'réuni avec un autre',
  },
};
