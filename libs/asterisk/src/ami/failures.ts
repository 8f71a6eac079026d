import { Failure, type FailureClass } from '@patchcord/contracts';

/** Why an AMI connection or action failed, and what that means for a retry. */
const classes = {
  /** Nobody listens on the port. */
  ami_refused: 'transient',
  /** The host name is unknown, or there is no way to it. */
  ami_unreachable: 'transient',
  ami_connect_timeout: 'transient',
  /** The certificate or the TLS version does not fit: trying again changes nothing by itself. */
  ami_tls_failed: 'permanent',
  /** Something else than an Asterisk answered. */
  ami_not_asterisk: 'permanent',
  ami_login_timeout: 'transient',
  ami_login_refused: 'permanent',
  /** A PBX on its way down still accepts connections for about a second, and refuses every login. */
  ami_shutting_down: 'transient',
  ami_closed: 'transient',
  /** Nothing came although a Ping was sent: the peer is gone without a word. */
  ami_silent: 'transient',
  ami_action_timeout: 'transient',
  ami_action_refused: 'permanent',
  ami_header_invalid: 'permanent',
  ami_message_too_big: 'permanent',
  /** We closed it: our own queue was full. */
  ami_overloaded: 'own-trouble',
  /** We closed it: asked to stop. */
  ami_stopped: 'own-trouble',
} as const satisfies Record<string, FailureClass>;

export type AmiFailureCode = keyof typeof classes;

export function amiFailure(code: AmiFailureCode, message: string, cause?: unknown): Failure {
  return new Failure(classes[code], code, message, { cause });
}

const unreachableCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT']);
const closedCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** The failure that an error of the socket stands for. */
export function socketFailure(error: Error & { code?: string }, peer: string): Failure {
  const code = error.code ?? '';
  if (code === 'ABORT_ERR') return amiFailure('ami_stopped', 'asked to stop', error);
  if (code === 'ECONNREFUSED') return amiFailure('ami_refused', `nobody listens at ${peer}`, error);
  if (unreachableCodes.has(code)) return amiFailure('ami_unreachable', `no way to ${peer}: ${code}`, error);
  if (closedCodes.has(code)) return amiFailure('ami_closed', `${peer} broke the connection: ${code}`, error);
  if (/TLS|SSL|CERT|VERIFY|EPROTO/.test(code)) return amiFailure('ami_tls_failed', `TLS with ${peer}: ${code}`, error);
  return amiFailure('ami_closed', `the connection to ${peer} failed: ${code || error.message}`, error);
}

/**
 * What a refused login means. AMI has no code for it, only the text of `Message`: Asterisk answers every login with
 * "Asterisk is shutting down" while it goes down, which is no word about the password.
 */
export function loginFailure(message: string, peer: string): Failure {
  if (/shutting down/i.test(message)) return amiFailure('ami_shutting_down', `${peer} is shutting down`);
  return amiFailure('ami_login_refused', `${peer} refused the login: ${message || 'no reason given'}`);
}
