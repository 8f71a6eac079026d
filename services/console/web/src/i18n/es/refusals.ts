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
  rules: {
    required: 'Rellene este campo.',
    types: {
      number: 'Escriba un número.',
      int: 'Escriba un número entero.',
      other: 'No es el tipo de valor que se espera.',
    },
    'too-short_one': 'Escriba al menos {{count}} carácter.',
    'too-short_other': 'Escriba al menos {{count}} caracteres.',
    'too-long_one': 'Escriba como mucho {{count}} carácter.',
    'too-long_other': 'Escriba como mucho {{count}} caracteres.',
    'too-few_one': 'Añada al menos {{count}} entrada.',
    'too-few_other': 'Añada al menos {{count}} entradas.',
    'too-many_one': 'Deje como mucho {{count}} entrada.',
    'too-many_other': 'Deje como mucho {{count}} entradas.',
    'too-small': 'Escriba {{limit}} o más.',
    'too-big': 'Escriba {{limit}} o menos.',
    url: 'Escriba una dirección como https://crm.example.com.',
    email: 'Escriba una dirección de correo como ana@example.com.',
    'one-of': 'Elija entre: {{names}}.',
    'unknown-keys': 'Ese campo no existe: {{names}}. Quítelo.',
  },
};
