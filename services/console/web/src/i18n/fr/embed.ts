import type { Texts } from '../texts.ts';

export const embed: Texts<'embed'> = {
  demo: {
    title: 'Essayez en une minute',
    call: 'Lancez les appels : il en arrive un toutes les quelques secondes',
    answer: 'Décrochez et regardez la fiche du client',
    dispose: 'Raccrochez, choisissez une qualification, enregistrez',
    done: 'fait',
    start: 'Lancer les appels',
    stop: 'Arrêter les appels',
    pickUp: 'Décrocher le téléphone',
    look: 'Ce que vous enregistrez s’écrit tout seul dans le CRM :',
    arrived: 'C’est arrivé. Voyez ce qui a été écrit :',
    crm: 'ouvrir le CRM de démonstration',
    now: {
      idle: 'Des clients enregistrés appellent ce poste quand vous le voulez.',
      soon: 'Le prochain appel sonne dans un instant.',
      away: 'Vous êtes en pause ou déconnecté : aucun appel ne sonne tant que vous n’êtes pas prêt.',
      after: 'Post-appel : le prochain appel sonnera quand vous aurez terminé.',
      ringing: 'Votre téléphone sonne.',
      calling: 'Le téléphone du client sonne.',
      talking: 'Vous parlez avec le client.',
      held: 'Le client est en attente.',
    },
  },
  frame: {
    signIn: 'Se connecter',
    signInHelp:
      'La connexion se fait dans une fenêtre à part : ne tapez jamais votre mot de passe dans une autre page.',
    blocked: 'Votre navigateur a bloqué la fenêtre. Autorisez les fenêtres pop-up pour cette adresse, puis réessayez.',
    late: 'Cela a pris trop de temps. Appuyez de nouveau sur le bouton.',
    noCookie:
      'Votre navigateur ne garde pas de cookie pour un cadre. Autorisez les cookies de cette adresse dans ses réglages, ou utilisez le poste dans un onglet.',
    signedIn: 'Vous êtes connecté',
    closeHelp: 'Le poste dans l’autre page est prévenu. Vous pouvez fermer cette fenêtre.',
    apart:
      'Fermez maintenant cette fenêtre et appuyez encore une fois sur « Se connecter » dans l’autre page : vous y serez aussitôt.',
    otherTenant:
      'Vous êtes connecté ailleurs. Ce poste appartient à « {{tenant}} » : connectez-vous-y pour l’utiliser.',
    elsewhere: {
      title: 'Vous êtes connecté chez « {{here}} »',
      help: 'La page qui a ouvert cette fenêtre affiche le poste de « {{there}} ». Un navigateur n’est connecté que chez l’un des deux : si vous changez, vous êtes déconnecté de « {{here}} » dans tous les onglets.',
      change: 'Me déconnecter et me connecter chez « {{there}} »',
      stay: 'Rester chez « {{here}} »',
    },
    whole: 'Ouvrir le poste dans un onglet',
  },
};
