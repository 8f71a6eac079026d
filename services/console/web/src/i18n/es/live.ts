import type { Texts } from '../texts.ts';

export const live: Texts<'live'> = {
  title: 'Llamadas en curso',
  count_one: '{{count}} llamada en curso',
  count_other: '{{count}} llamadas en curso',
  none: 'No hay llamadas en curso.',
  columns: {
    state: 'Estado',
    caller: 'Llamante',
    did: 'DID',
    queue: 'Cola',
    agent: 'Agente',
    since: 'Desde',
    outcome: 'Resultado',
  },
  unknownCaller: 'desconocido',
  ringing: '{{count}} sonando',
  states: {
    ringing: 'sonando',
    ivr: 'en el IVR',
    queued: 'en espera',
    talking: 'hablando',
    held: 'retenida',
    ended: 'terminada',
  },
  outcomes: {
    answered: 'atendida',
    missed: 'perdida',
    abandoned: 'abandonada',
    failed: 'fallida',
    merged: 'unida a otra',
  },
};
