import type { refusalsDelivery as en } from '../en/refusals-delivery.ts';

export const refusalsDelivery: { readonly [Code in keyof typeof en]: string } = {
  connection_refused: 'La destination refuse la connexion. Vérifiez qu’elle fonctionne et son port.',
  connection_reset: 'La connexion à la destination a été rompue. Un nouvel essai est fait automatiquement.',
  connect_timeout: 'La destination n’a pas accepté la connexion à temps. Vérifiez son adresse et le pare-feu.',
  unreachable: 'L’adresse de la destination est injoignable. Vérifiez l’adresse et le réseau.',
  dns_not_found: 'Le nom d’hôte de la destination est inconnu. Vérifiez l’adresse.',
  tls_handshake_failed:
    'Aucune connexion sécurisée (TLS) n’a pu être établie. Vérifiez le port et les exigences de la destination.',
  certificate_invalid:
    'Le certificat n’est pas reconnu ou est illisible. Vérifiez-le ou indiquez l’autorité qui l’a signé.',
  protocol_error: 'La destination a donné une réponse illisible. Vérifiez l’adresse et le port.',
  request_failed: 'La requête n’a pas pu être menée à bien. Réessayez et consultez le détail.',
  address_refused:
    'Les requêtes vers cette adresse ne sont pas permises. Utilisez une autre adresse ou demandez à qui exploite le système de l’autoriser.',
  http_refused:
    'Le http en clair n’est pas permis pour cette destination. Utilisez une adresse qui commence par https.',
  url_invalid: 'L’adresse de la destination n’est pas correcte. Corrigez-la dans les réglages.',
  header_invalid: 'Un en-tête ne peut pas être envoyé tel quel. Corrigez-le dans les réglages.',
  redirect_refused: 'La destination renvoie vers une autre adresse, ce qui n’est pas suivi. Indiquez l’adresse finale.',
  response_too_large: 'La réponse est plus longue que ce qui est lu. Demandez-en moins à la destination.',
  circuit_open: 'La destination a échoué plusieurs fois de suite ; on attend avant le prochain essai.',
  destination_throttled: 'La destination demande d’attendre. Un nouvel essai sera fait automatiquement.',
  destination_removed: 'La destination n’est plus dans les réglages. Ajoutez-la de nouveau ou écartez ce qui l’attend.',
  destination_changed: 'La destination a été modifiée depuis la préparation de cet envoi. Préparez-le de nouveau.',
  given_up: 'La livraison n’a pas abouti dans le délai utile et a été abandonnée.',
  parameter_missing:
    'Une valeur nécessaire à la requête manque. Donnez une valeur par défaut au paramètre ou envoyez sans lui.',
  credentials_refused:
    'L’utilisateur, le mot de passe ou la clé n’est pas accepté. Vérifiez les identifiants et définissez-les de nouveau.',
  credentials_missing: 'Des identifiants manquent dans les réglages. Définissez ceux qui sont indiqués.',
  username_invalid: 'Le nom d’utilisateur ne peut pas être envoyé tel quel. Corrigez-le dans les réglages.',
  secret_missing: 'Un secret n’a pas encore de valeur. Définissez-le là où il est utilisé.',
  secret_invalid: 'Un secret ne peut pas servir à cela. Définissez-le de nouveau.',
  secret_unreadable: 'Un secret ne peut plus être ouvert. Définissez-le de nouveau.',
  secrets_not_configured:
    'Les secrets ne peuvent pas encore être conservés ici. Demandez à qui exploite le système de définir SECRETS_KEYS.',
  authentication_missing: 'L’authentification indiquée n’existe plus. Choisissez-en une autre dans les réglages.',
  consent_unknown: 'Cette autorisation a déjà servi ou a duré plus de 10 minutes. Recommencez-la.',
  consent_not_needed: 'Cette authentification ne demande aucune autorisation dans un navigateur.',
  refresh_token_missing:
    'Personne n’a encore donné son autorisation, ou elle a expiré. Recommencez l’autorisation dans l’authentification.',
  token_failed: 'Aucun jeton d’accès n’a pu être obtenu. Vérifiez les identifiants et l’adresse du serveur de jetons.',
  site_moved: 'Le site a maintenant une autre adresse ; ses identifiants n’y sont pas envoyés. Vérifiez l’adresse.',
  mail_without_recipient: 'Le courriel n’a pas de destinataire. Indiquez-en un ou une valeur par défaut.',
  mail_address_invalid: 'Une adresse de courriel n’est pas correcte. Écrivez-la comme ana@example.com.',
  mail_header_invalid: 'Un en-tête du courriel ne peut pas être envoyé tel quel. Corrigez-le dans les réglages.',
  mail_login_refused: 'Le serveur de courriel refuse l’accès. Vérifiez le nom d’utilisateur et le mot de passe.',
  mail_login_impossible:
    'Le serveur de courriel ne propose aucune connexion connue. Retirez le nom d’utilisateur et le mot de passe, ou changez la sécurité.',
  mail_too_large: 'Le courriel est plus volumineux que ce que le serveur accepte. Raccourcissez-le.',
  mail_unconfirmed:
    'Le courriel a été envoyé, mais rien ne confirme sa réception. Demandez au destinataire avant de le renvoyer.',
  plain_refused: 'Le courriel sans chiffrement n’est pas permis pour ce serveur. Choisissez TLS ou STARTTLS.',
  starttls_refused: 'Le serveur de courriel ne propose pas STARTTLS. Choisissez une autre sécurité dans ses réglages.',
  smtp_4: 'Le serveur de courriel n’accepte pas le courriel pour l’instant. Un nouvel essai sera fait automatiquement.',
  smtp_5: 'Le serveur de courriel a refusé le courriel. Vérifiez l’expéditeur et les destinataires.',
  http_400: 'La destination ne comprend pas la requête. Vérifiez ce qui lui est envoyé.',
  http_401: 'La destination n’accepte pas les identifiants. Vérifiez-les et définissez-les de nouveau.',
  http_403: 'La destination ne le permet pas à cet utilisateur. Donnez-lui ce droit là-bas.',
  http_404: 'La destination n’a rien à cette adresse. Vérifiez l’adresse, ou si l’élément a été supprimé.',
  http_410: 'La destination est fermée définitivement. Retirez-la ou indiquez sa nouvelle adresse.',
  http_429: 'La destination a été sollicitée trop souvent. Un nouvel essai sera fait automatiquement plus tard.',
  http_4: 'La destination a refusé la requête. Consultez le détail et vérifiez ce qui lui est envoyé.',
  http_5: 'La destination rencontre elle-même un problème. Un nouvel essai sera fait automatiquement.',
};
