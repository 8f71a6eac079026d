import type { Texts } from '../texts.ts';

export const shell: Texts<'shell'> = {
  desk: 'Poste de l’agent',
  live: 'Appels en cours',
  work: 'Envois',
  admin: 'Administration',
  menu: 'Menu',
  skip: 'Aller au contenu',
  signOut: 'Se déconnecter',
  language: 'Langue',
  colours: { label: 'Couleurs', light: 'Clair', dark: 'Sombre', auto: 'Comme le système' },
  stream: { connecting: 'Connexion', open: 'En direct', lost: 'Connexion perdue, nouvelle tentative' },
};
