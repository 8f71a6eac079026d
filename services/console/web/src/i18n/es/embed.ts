import type { Texts } from '../texts.ts';

export const embed: Texts<'embed'> = {
  demo: {
    title: 'Pruébelo en un minuto',
    call: 'Inicie las llamadas: entra una cada pocos segundos',
    answer: 'Descuelgue y mire la ficha del cliente',
    dispose: 'Cuelgue, elija una calificación y guárdela',
    done: 'hecho',
    start: 'Iniciar llamadas',
    stop: 'Detener llamadas',
    pickUp: 'Descolgar el teléfono',
    look: 'Lo que guarda se escribe solo en el CRM:',
    arrived: 'Ya ha llegado. Vea lo que se ha escrito:',
    crm: 'abrir el CRM de demostración',
    now: {
      idle: 'Clientes grabados llaman a este puesto cuando usted lo diga.',
      soon: 'La próxima llamada suena en un momento.',
      away: 'Está en pausa o desconectado: no suena ninguna llamada hasta que esté disponible.',
      after: 'Trabajo posterior: la próxima llamada suena cuando lo termine.',
      ringing: 'Su teléfono suena.',
      talking: 'Está hablando con el cliente.',
      held: 'El cliente está en espera.',
    },
  },
};
