import type { refusalsGeneral as en } from '../en/refusals-general.ts';

export const refusalsGeneral: { readonly [Code in keyof typeof en]: string } = {
  unauthorized: 'Vous n’êtes pas connecté, ou votre session est terminée. Connectez-vous et réessayez.',
  forbidden: 'Vous n’avez pas le droit de faire cela. Demandez ce droit à un administrateur.',
  not_found: 'Cet élément n’existe pas ou plus. Revenez en arrière et rechargez la liste.',
  gone: 'Cet élément n’est plus conservé, ou ne peut plus qu’être lu.',
  invalid_request: 'Une partie des données ne convient pas. Corrigez ce qui est indiqué et réessayez.',
  config_invalid: 'Les réglages ne vont pas encore ensemble. Corrigez ce qui est indiqué et enregistrez de nouveau.',
  conflict: 'Ce n’est pas possible dans l’état actuel. Rechargez la page pour voir ce qui a changé.',
  revision_conflict:
    'Quelqu’un d’autre l’a modifié entre-temps. Chargez la nouvelle version, puis refaites votre modification.',
  already_exists: 'Il en existe déjà un avec cet identifiant. Choisissez-en un autre ou modifiez celui qui existe.',
  payload_too_large: 'L’envoi est trop volumineux. Réduisez-le ou divisez-le.',
  value_too_long: 'Un texte dépasse la longueur permise. Raccourcissez-le.',
  unsupported_media_type: 'La page a fait une demande que la console ne connaît pas. Rechargez la page.',
  rate_limited: 'Trop de demandes en peu de temps. Attendez une minute et réessayez.',
  too_many_tries: 'Trop d’essais erronés. Attendez quelques minutes et réessayez.',
  too_many_streams:
    'Trop de pages qui suivent les appels sont ouvertes. Fermez-en quelques-unes et rechargez celle-ci.',
  too_many_writes: 'L’appel a déjà été complété autant de fois que permis. On ne peut plus rien y ajouter.',
  too_many_events: 'Le contact a déjà autant d’événements qu’on en conserve. Terminez-le et commencez-en un autre.',
  internal:
    'Une erreur interne est survenue et a été consignée. Réessayez, et prévenez un administrateur si cela persiste.',
  unavailable:
    'Une partie du système ne répond pas pour l’instant. Réessayez dans un moment, et prévenez un administrateur si cela persiste.',
  write_conflict: 'Plusieurs modifications du même élément ont lieu en même temps. Réessayez.',
  timeout:
    'La réponse complète n’est pas arrivée à temps. Réessayez ; ce qui était commencé a pu tout de même être fait.',
  aborted: 'La demande a été interrompue avant la réponse. Réessayez si vous en avez encore besoin.',
  no_session: 'Vous êtes connecté avec un jeton d’API, qui n’a pas de session à prolonger. Reconnectez-vous.',
  sign_in_unknown: 'Cette connexion a déjà servi ou a duré plus de 10 minutes. Recommencez-la.',
  person_refused:
    'Votre utilisateur n’est pas entièrement configuré ou ne peut pas se connecter. Adressez-vous à un administrateur.',
  provider_unavailable:
    'Le fournisseur d’identité ne répond pas. Réessayez dans un moment ou prévenez un administrateur.',
  provider_answer_invalid:
    'Le fournisseur d’identité a donné une réponse à laquelle on ne peut se fier. Vérifiez ses réglages.',
  provider_refused: 'Le fournisseur d’identité a refusé. Réessayez ou vérifiez ses réglages.',
  public_url_missing: 'La console ne connaît pas sa propre adresse. Demandez à qui l’exploite de définir PUBLIC_URL.',
  not_configured: 'Ce n’est pas configuré ici. Demandez à qui exploite le système d’ajouter le réglage indiqué.',
  upload_broken:
    'L’envoi du fichier a été interrompu. Importez-le de nouveau pour le compléter ; les lignes déjà présentes ne sont pas doublées.',
  idempotency_key_reused: 'La même demande a déjà été envoyée avec un autre contenu. Rechargez la page et recommencez.',
  run_differs: 'Cette exécution a été commencée avec d’autres données. Relancez-la.',
};
