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
      talking: 'Vous parlez avec le client.',
      held: 'Le client est en attente.',
    },
  },
};
