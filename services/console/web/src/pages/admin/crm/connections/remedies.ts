import type { CrmTestStep } from '@patchcord/contracts';

/** What kind of thing went wrong, by which people are told what to do. */
const byCode: Readonly<Record<string, Remedy>> = {
  config_invalid: 'configuration',
  timeout: 'timeout',
  connect_timeout: 'unreachable',
  connection_refused: 'unreachable',
  connection_reset: 'unreachable',
  unreachable: 'unreachable',
  dns_not_found: 'host',
  address_refused: 'address',
  http_refused: 'http',
  redirect_refused: 'redirect',
  tls_handshake_failed: 'certificate',
  secret_missing: 'secret',
  secret_unreadable: 'secret',
  credentials_missing: 'secret',
  token_unavailable: 'token',
};

type Remedy =
  | 'configuration'
  | 'timeout'
  | 'unreachable'
  | 'host'
  | 'address'
  | 'http'
  | 'redirect'
  | 'certificate'
  | 'secret'
  | 'token'
  | 'credentials'
  | 'rights'
  | 'path'
  | 'throttled'
  | 'later'
  | 'other';

export function remedyOf({ step, failure }: CrmTestStep): Remedy {
  if (failure === undefined) return 'other';
  const { code, class: failureClass, status } = failure;
  const known = byCode[code];
  if (known !== undefined) return known;
  if (code.includes('certificate') || code.startsWith('tls')) return 'certificate';
  if (status === 401 || /log_?in|credential|password|unauthor/i.test(code)) return 'credentials';
  if (status === 403) return 'rights';
  if (status === 404) return 'path';
  if (failureClass === 'throttled') return 'throttled';
  if (failureClass === 'destination-gone') return 'credentials';
  if (failureClass === 'transient' || failureClass === 'own-trouble') return 'later';
  return step === 'log-in' ? 'credentials' : 'other';
}
