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
};
