import type { refusalsCalls as en } from '../en/refusals-calls.ts';

export const refusalsCalls: { readonly [Code in keyof typeof en]: string } = {
  pbx_away:
    'Le PBX n’est pas joignable pour l’instant. Réessayez dans un moment, et prévenez un administrateur si cela persiste.',
  pbx_unclear:
    'Plusieurs PBX sont connectés et l’agent n’en nomme aucun. Demandez à un administrateur de choisir le PBX de l’agent.',
  pbx_permission:
    'Le PBX ne nous y autorise pas. Un administrateur doit étendre les droits de son utilisateur de gestion.',
  pbx_failed: 'Le PBX ne l’a pas exécuté. Réessayez, et prévenez un administrateur si cela persiste.',
  agent_unreachable: 'Le téléphone est injoignable. Vérifiez qu’il est allumé et enregistré.',
  agent_busy: 'Le téléphone est occupé. Terminez l’appel en cours, puis réessayez.',
  agent_declined: 'L’appel a été refusé sur le téléphone. Réessayez lorsque vous pourrez répondre.',
  agent_no_answer: 'Personne n’a répondu au téléphone. Réessayez et décrochez lorsqu’il sonne.',
  number_refused: 'Le PBX ne connaît aucun chemin vers ce numéro. Vérifiez le numéro.',
  not_supported: 'Le PBX ou le téléphone ne sait pas faire cela.',
  ambiguous: 'Le téléphone a plusieurs appels. Choisissez-en un et réessayez.',
  unknown_queue: 'Le PBX n’a pas cette file d’attente. Vérifiez le nom de la file.',
  not_logged_in: 'L’agent n’est dans aucune file du PBX. Connectez-le d’abord à une file.',
  recording_not_ready: 'L’enregistrement n’est pas encore disponible. Attendez un moment et réessayez.',
  call_unknown: 'Aucun appel ne porte cet identifiant. Vérifiez l’identifiant.',
  call_gone: 'L’appel est terminé depuis trop longtemps et n’est plus conservé.',
  no_workflow:
    'La campagne de cet appel n’a pas de workflow pour cela. Demandez à un administrateur d’en choisir un dans la campagne.',
  workflow_unknown: 'Ce workflow n’existe plus. Choisissez-en un autre.',
  workflow_disabled: 'Le workflow est désactivé. Activez-le ou choisissez-en un autre.',
  dead_letter_not_found: 'Cet échec n’est plus là : il a été relancé ou écarté. Rechargez la liste.',
  message_gone: 'Le message n’est plus conservé et ne peut être relancé. Écartez cet échec.',
  not_replayable: 'Les échecs de ce genre ne peuvent pas être relancés d’ici.',
  invalid_event: 'Un événement n’a pas la forme voulue et n’a pas été traité. Corrigez le système qui l’envoie.',
};
