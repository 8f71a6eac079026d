import type { Texts } from '../texts.ts';
import { refusalsCalls } from './refusals-calls.ts';
import { refusalsCrm } from './refusals-crm.ts';
import { refusalsDelivery } from './refusals-delivery.ts';
import { refusalsGeneral } from './refusals-general.ts';

export const refusals: Texts<'refusals'> = {
  codes: { ...refusalsGeneral, ...refusalsCalls, ...refusalsDelivery, ...refusalsCrm },
  classes: {
    transient: 'Cela n’a pas marché cette fois. Réessayez dans un moment.',
    throttled: 'Trop de demandes. Attendez un peu et réessayez.',
    permanent: 'C’est refusé. Consultez le détail et corrigez ce qu’il indique.',
    'destination-gone': 'La destination est fermée ou ne nous connaît plus. Vérifiez ses réglages.',
    'own-trouble':
      'Une partie du système ne répond pas pour l’instant. Réessayez dans un moment, et prévenez un administrateur si cela persiste.',
    defect: 'Une erreur interne est survenue. Réessayez, et prévenez un administrateur si cela persiste.',
  },
};
