import type { Texts } from '../texts.ts';

export const signIn: Texts<'signIn'> = {
  title: 'Connexion',
  username: 'Nom d’utilisateur',
  password: 'Mot de passe',
  tenant: 'Client',
  tenantHelp: 'Seulement si votre nom d’utilisateur existe chez plusieurs.',
  submit: 'Se connecter',
  refused: {
    password:
      'Le nom d’utilisateur ou le mot de passe est incorrect. Si plusieurs clients ont ce nom, indiquez aussi le client.',
    token: 'Ce jeton d’API n’est pas connu.',
    limited: 'Trop de mots de passe incorrects. Attendez quelques minutes et réessayez.',
  },
  withToken: 'Se connecter avec un jeton d’API',
  withPassword: 'Se connecter avec un mot de passe',
  token: 'Jeton d’API',
  tokenHelp: 'Un jeton de portée sessions:read montre les appels, un jeton admin montre tout.',
  soon: {
    title: 'Vous allez être déconnecté',
    unused: 'Cette page n’a pas été utilisée depuis un moment.',
    longest:
      'La durée maximale d’une session est atteinte. Terminez ce que vous faites ; vous vous reconnecterez ensuite.',
    stay: 'Rester connecté',
  },
  again: {
    title: 'Reconnectez-vous',
    text: 'Votre session est terminée. La page est restée telle que vous l’avez laissée, y compris ce que vous avez saisi.',
    other: 'Je suis quelqu’un d’autre',
  },
  with: 'Se connecter avec {{name}}',
  withHelp: 'Un nouvel onglet s’ouvre. Revenez ici une fois connecté.',
  or: 'ou',
  problems: {
    provider_unavailable:
      'Le fournisseur d’identité ne répond pas. Réessayez dans un instant ou prévenez votre administrateur.',
    provider_answer_invalid:
      'La réponse du fournisseur d’identité n’est pas digne de confiance. Prévenez votre administrateur.',
    provider_refused: 'Le fournisseur d’identité vous a refusé l’accès. Réessayez ou prévenez votre administrateur.',
    not_found: 'Ce mode de connexion n’existe plus. Choisissez-en un autre.',
    sign_in_unknown: 'Cette connexion a déjà servi ou a duré plus de 10 minutes. Recommencez.',
    person_unknown: 'Vous n’êtes pas encore utilisateur ici. Demandez à votre administrateur de vous ajouter.',
    person_disabled: 'Votre compte est désactivé. Adressez-vous à votre administrateur.',
    person_refused:
      'Votre compte n’est pas entièrement configuré, par exemple sans agent. Adressez-vous à votre administrateur.',
    mail_refused: 'Votre adresse e-mail n’est pas vérifiée ou son domaine n’est pas admis ici.',
    role_missing: 'Le fournisseur d’identité ne vous attribue aucun rôle ici. Adressez-vous à votre administrateur.',
    username_missing: 'Le fournisseur d’identité ne dit pas qui vous êtes. Adressez-vous à votre administrateur.',
    username_taken:
      'Votre nom d’utilisateur appartient ici à une autre personne. Adressez-vous à votre administrateur.',
    too_many_tries: 'Trop de tentatives. Attendez quelques minutes et réessayez.',
    other: 'La connexion a échoué. Réessayez ou prévenez votre administrateur.',
  },
};
