import type { Texts } from '../texts.ts';

export const common: Texts<'common'> = {
  again: 'Réessayer',
  cancel: 'Annuler',
  close: 'Fermer',
  loading: 'Chargement',
  nothing: 'Rien pour l’instant.',
  save: 'Enregistrer',
  unreachable: 'La console ne répond pas. Vérifiez la connexion et réessayez.',
};
