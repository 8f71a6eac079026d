import type { Texts } from '../texts.ts';

export const work: Texts<'work'> = {
  title: 'Envíos',
  columns: {
    state: 'Estado',
    destination: 'Destino',
    cause: 'Causa',
    attempts: 'Intentos',
    answer: 'Última respuesta',
    when: 'Cuándo',
  },
  states: {
    queued: 'en cola',
    retrying: 'reintentando',
    succeeded: 'logrado',
    dead: 'muerto',
    discarded: 'descartado',
  },
  none: 'Aún no se ha enviado nada.',
};
