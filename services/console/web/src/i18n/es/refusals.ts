import type { Texts } from '../texts.ts';
import { refusalsCalls } from './refusals-calls.ts';
import { refusalsCrm } from './refusals-crm.ts';
import { refusalsDelivery } from './refusals-delivery.ts';
import { refusalsGeneral } from './refusals-general.ts';

export const refusals: Texts<'refusals'> = {
  codes: { ...refusalsGeneral, ...refusalsCalls, ...refusalsDelivery, ...refusalsCrm },
  classes: {
    transient: 'Esta vez no ha funcionado. Vuelva a intentarlo en un momento.',
    throttled: 'Demasiadas peticiones. Espere un poco y vuelva a intentarlo.',
    permanent: 'Se ha rechazado. Consulte el detalle y corrija lo que indica.',
    'destination-gone': 'El destino está cerrado o ya no nos conoce. Revise sus ajustes.',
    'own-trouble':
      'Una parte del sistema no responde ahora. Vuelva a intentarlo en un momento y avise a un administrador si persiste.',
    defect: 'Se ha producido un error interno. Vuelva a intentarlo y avise a un administrador si persiste.',
  },
};
