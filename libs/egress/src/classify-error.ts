import { Failure, type FailureClass } from '@patchcord/contracts';
import { errors } from 'undici';
import { AddressRefused } from './address-guard.ts';

type Verdict = readonly [FailureClass, code: string, message: string];

const reset: Verdict = ['transient', 'connection_reset', 'the connection broke'];
const unreachable: Verdict = ['transient', 'unreachable', 'there is no way to the address'];
const connectTimeout: Verdict = ['transient', 'connect_timeout', 'no connection came about in time'];
const exhausted: Verdict = ['own-trouble', 'sockets_exhausted', 'this machine has no socket left'];
const unreadable: Verdict = ['transient', 'protocol_error', 'the answer was not HTTP'];
const ownDns: Verdict = ['own-trouble', 'dns_unavailable', 'our resolver does not answer'];

/** By the `code` of what Node or undici threw. */
const verdicts: Readonly<Record<string, Verdict>> = {
  ECONNREFUSED: ['transient', 'connection_refused', 'the connection was refused'],
  ECONNRESET: reset,
  EPIPE: reset,
  UND_ERR_SOCKET: reset,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: reset,
  UND_ERR_HEADERS_OVERFLOW: unreadable,
  UND_ERR_CONNECT_TIMEOUT: connectTimeout,
  ETIMEDOUT: connectTimeout,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: ['transient', 'dns_not_found', 'the name of the host is not known'],
  EAI_AGAIN: ownDns,
  EAI_FAIL: ownDns,
  EAI_SYSTEM: ownDns,
  EAI_MEMORY: ownDns,
  EMFILE: exhausted,
  ENFILE: exhausted,
  EADDRNOTAVAIL: exhausted,
  ENOBUFS: exhausted,
  UND_ERR_INVALID_ARG: ['permanent', 'request_invalid', 'the request cannot be sent'],
  UND_ERR_DESTROYED: ['own-trouble', 'shutting_down', 'this process is stopping'],
  UND_ERR_CLOSED: ['own-trouble', 'shutting_down', 'this process is stopping'],
};

/** OpenSSL's and Node's names for a certificate that cannot be trusted. */
const certificateProblem =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|HOSTNAME_MISMATCH)/;
const handshakeProblem = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** What an error of a request means. The original is attached as the cause. */
export function classifyError(error: unknown): Failure {
  const root = rootOf(error);
  if (root instanceof AddressRefused) {
    return new Failure('permanent', 'address_refused', root.message, { cause: error });
  }
  const [failureClass, code, message] = root instanceof errors.HTTPParserError ? unreadable : verdictOf(codeOf(root));
  return new Failure(failureClass, code, message, { cause: error });
}

function verdictOf(code: string): Verdict {
  const known = verdicts[code];
  if (known !== undefined) return known;
  if (certificateProblem.test(code)) {
    const name = `tls_${code.replace(/^ERR_TLS_/, '').toLowerCase()}`;
    return ['permanent', name, 'the certificate of the destination is not trusted'];
  }
  if (handshakeProblem.test(code)) return ['transient', 'tls_handshake_failed', 'no TLS connection came about'];
  return ['transient', 'request_failed', `the request failed${code === '' ? '' : ` (${code})`}`];
}

/** Several addresses were tried: the last one's error stands for all, unless one was refused by us. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  return error.errors.find((each) => each instanceof AddressRefused) ?? error.errors.at(-1) ?? error;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
