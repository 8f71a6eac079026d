import type { Texts } from '../texts.ts';

export const adminPeople: Texts<'adminPeople'> = {
  roles: { agent: 'Agent', supervisor: 'Superviseur', admin: 'Administrateur' },
  roleHelp: {
    agent: 'Son propre poste : les appels d’un seul agent.',
    supervisor: 'Voit tous les appels et leur histoire.',
    admin: 'Peut tout faire, y compris cette administration.',
  },
  user: {
    username: 'Nom d’utilisateur',
    usernameHelp: 'Ce qu’on saisit pour se connecter. Il n’appartient qu’à une personne.',
    role: 'Rôle',
    agent: 'Agent',
    agentHelp: 'Dont les appels apparaissent au poste.',
    disabled: 'Désactivé',
    disabledHelp: 'Ne peut pas se connecter et est déconnecté aussitôt.',
    state: 'État',
    enabled: 'Actif',
    password: 'Définir un mot de passe',
    newPassword: 'Nouveau mot de passe',
    passwordHelp: 'Au moins 10 caractères. Toutes les sessions de cette personne prennent fin.',
    passwordSet: 'Le mot de passe est défini.',
    passwordFirst: 'Enregistrez d’abord l’utilisateur ; le mot de passe se définit ensuite ici.',
  },
};
