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
  rules: {
    required: 'À remplir.',
    types: {
      number: 'Saisissez un nombre.',
      int: 'Saisissez un nombre entier.',
      other: 'Ce n’est pas le genre de valeur attendu.',
    },
    'too-short_one': 'Saisissez au moins {{count}} caractère.',
    'too-short_other': 'Saisissez au moins {{count}} caractères.',
    'too-long_one': 'Saisissez au plus {{count}} caractère.',
    'too-long_other': 'Saisissez au plus {{count}} caractères.',
    'too-few_one': 'Ajoutez au moins {{count}} entrée.',
    'too-few_other': 'Ajoutez au moins {{count}} entrées.',
    'too-many_one': 'Gardez au plus {{count}} entrée.',
    'too-many_other': 'Gardez au plus {{count}} entrées.',
    'too-small': 'Saisissez {{limit}} ou plus.',
    'too-big': 'Saisissez {{limit}} ou moins.',
    url: 'Saisissez une adresse comme https://crm.example.com.',
    email: 'Saisissez une adresse e-mail comme ana@example.com.',
    'one-of': 'Choisissez parmi : {{names}}.',
    'unknown-keys': 'Ce champ n’existe pas : {{names}}. Retirez-le.',
  },
};
