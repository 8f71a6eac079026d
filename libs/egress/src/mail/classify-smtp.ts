import { Failure } from '@patchcord/contracts';
import { classifyError } from '../classify-error.ts';

/** What nodemailer says of a failure. Its text may quote addresses and is never passed on. */
interface SmtpError {
  /** Its own kind: `EAUTH`, `ETLS`, `ECONNECTION`. */
  readonly code?: unknown;
  /** Of the error of the system that was behind it: `ECONNRESET`. */
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  /** What was answered: `RCPT TO`, `DATA`. */
  readonly command?: unknown;
}

const offeredTooLittle = 'the server does not offer STARTTLS, which its setting "security" demands';
/** By nodemailer's own kind, when the server said nothing. */
const unanswered = new Map<string, () => Failure>([
  ['ECONNECTION', () => new Failure('transient', 'connection_reset', 'the server closed the connection')],
  ['ETLS', () => new Failure('transient', 'tls_handshake_failed', 'no TLS connection came about')],
  ['EPROTOCOL', () => new Failure('transient', 'protocol_error', 'the answer was not SMTP')],
  ['EMESSAGE', () => new Failure('permanent', 'mail_too_large', 'the message is larger than the server takes')],
  ['EAUTH', () => new Failure('permanent', 'mail_login_impossible', 'the server offers no way to log in that we know')],
]);

/** What the failure of a conversation means. Nothing of what either side said is in it but the server's codes. */
export function classifySmtp(error: unknown): Failure {
  const smtp: SmtpError = typeof error === 'object' && error !== null ? error : {};
  const reply = replyOf(smtp);
  if (reply !== undefined) return refusedBy(reply, smtp);
  // A copy without the text and the envelope, which hold addresses.
  if (typeof smtp.originalCode === 'string') return classifyError({ code: smtp.originalCode });
  return unanswered.get(textOf(smtp.code))?.() ?? classifyError(error);
}

interface Reply {
  readonly status: number;
  /** `550 5.1.1` (RFC 3463), or without the second. */
  readonly codes: string;
}

function replyOf({ response, responseCode }: SmtpError): Reply | undefined {
  const status = Number(responseCode);
  if (!(status >= 400 && status < 600)) return undefined;
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(textOf(response))?.[1];
  return { status, codes: enhanced === undefined ? `${status}` : `${status} ${enhanced}` };
}

function refusedBy({ status, codes }: Reply, { code, command }: SmtpError): Failure {
  if (status < 500) {
    return new Failure('transient', `smtp_${status}`, `the server answered ${codes} for now${afterwards(command)}`);
  }
  if (code === 'ETLS') return new Failure('permanent', 'starttls_refused', offeredTooLittle);
  if (code === 'EAUTH') {
    return new Failure('permanent', 'mail_login_refused', `the server refused user name or password (${codes})`);
  }
  return new Failure('permanent', `smtp_${status}`, `the server answered ${codes}${afterwards(command)}`);
}

const commands = ['EHLO', 'HELO', 'MAIL FROM', 'RCPT TO', 'DATA'];
const afterwards = (command: unknown): string => (commands.includes(textOf(command)) ? ` to ${textOf(command)}` : '');
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The code of one recipient's refusal. */
export const recipientCode = (error: unknown): string => classifySmtp(error).code;
