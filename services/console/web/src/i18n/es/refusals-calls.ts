import type { refusalsCalls as en } from '../en/refusals-calls.ts';

export const refusalsCalls: { readonly [Code in keyof typeof en]: string } = {
  pbx_away:
    'La centralita no está conectada ahora. Vuelva a intentarlo en un momento y avise a un administrador si persiste.',
  pbx_unclear:
    'Hay varias centralitas conectadas y el agente no nombra ninguna. Pida a un administrador que elija la centralita del agente.',
  pbx_permission:
    'La centralita no nos lo permite. Un administrador debe ampliar los permisos de su usuario de gestión.',
  pbx_failed: 'La centralita no lo ha hecho. Vuelva a intentarlo y avise a un administrador si persiste.',
  agent_unreachable: 'No se puede contactar con el teléfono. Compruebe que está encendido y registrado.',
  agent_busy: 'El teléfono está ocupado. Termine la llamada en curso y vuelva a intentarlo.',
  agent_declined: 'La llamada se rechazó en el teléfono. Vuelva a intentarlo cuando pueda contestar.',
  agent_no_answer: 'Nadie contestó al teléfono. Vuelva a intentarlo y descuelgue cuando suene.',
  number_refused: 'La centralita no conoce ningún camino hacia este número. Compruebe el número.',
  not_supported: 'La centralita o el teléfono no pueden hacer esto.',
  ambiguous: 'El teléfono tiene varias llamadas. Elija una y vuelva a intentarlo.',
  unknown_queue: 'La centralita no tiene esa cola. Compruebe el nombre de la cola.',
  not_logged_in: 'El agente no está en ninguna cola de la centralita. Conéctelo antes a una cola.',
  recording_not_ready: 'La grabación aún no está disponible. Espere un momento y vuelva a intentarlo.',
  call_unknown: 'No se conoce ninguna llamada con este identificador. Compruébelo.',
  call_gone: 'La llamada terminó hace demasiado tiempo y ya no se conserva.',
  no_workflow:
    'La campaña de esta llamada no tiene ningún flujo de trabajo para eso. Pida a un administrador que elija uno en la campaña.',
  workflow_unknown: 'Ese flujo de trabajo ya no existe. Elija otro.',
  workflow_disabled: 'El flujo de trabajo está desactivado. Actívelo o elija otro.',
  dead_letter_not_found: 'Este fallo ya no está: se repitió o se descartó. Recargue la lista.',
  message_gone: 'El mensaje ya no se conserva y no se puede repetir. Descarte el fallo.',
  not_replayable: 'Los fallos de este tipo no se pueden repetir desde aquí.',
  invalid_event: 'Un evento no tiene la forma debida y no se ha procesado. Corrija el sistema que lo envía.',
};
