import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Failure, type TlsSettings } from '@patchcord/contracts';

/** How we show a server who we are (mutual TLS). All are PEM. */
export interface ClientCertificate {
  /** With its chain, if there is one. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Of the private key, when it is encrypted. */
  readonly passphrase?: string | undefined;
}

export interface TlsTerms {
  readonly tls?: TlsSettings | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** The same for the same terms, and no secret can be read out of it. */
export function tlsKey({ tls, clientCertificate }: TlsTerms): string {
  const terms = [
    tls?.verify ?? true,
    tls?.ca ?? '',
    tls?.minVersion ?? 'TLSv1.2',
    clientCertificate?.certificate ?? '',
    clientCertificate?.privateKey ?? '',
    clientCertificate?.passphrase ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(terms)).digest('base64url');
}

/** Made once for all connections of a pool: reading the public roots is slow. `ca`: trusted by every pool (PEM). */
export function secureContext({ tls, clientCertificate }: TlsTerms, ca: string | undefined): SecureContext {
  const further = [ca, tls?.ca].filter((pem) => pem !== undefined);
  try {
    return createSecureContext({
      minVersion: tls?.minVersion ?? 'TLSv1.2',
      ...(further.length === 0 ? {} : { ca: [...getCACertificates('default'), ...further] }),
      ...(clientCertificate === undefined ? {} : identity(clientCertificate)),
    });
  } catch {
    // What OpenSSL says may quote what it could not read: no cause.
    throw new Failure('permanent', 'certificate_invalid', unreadable(clientCertificate));
  }
}

const identity = ({ certificate, privateKey, passphrase }: ClientCertificate) => ({
  cert: certificate,
  key: privateKey,
  ...(passphrase === undefined ? {} : { passphrase }),
});

const unreadable = (clientCertificate: ClientCertificate | undefined): string =>
  clientCertificate === undefined
    ? 'the root certificates cannot be read: expected PEM'
    : 'the certificate, its private key or its passphrase cannot be used: expected PEM that belongs together';
