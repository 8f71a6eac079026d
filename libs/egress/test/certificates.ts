import { generate } from 'selfsigned';

export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Certificates {
  /** Root that signed the others (PEM). */
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** The client's, its private key encrypted. */
  readonly lockedClient: KeyPair & { readonly passphrase: string };
}

const attributes = (commonName: string) => [{ name: 'commonName', value: commonName }];
const strong = { keyType: 'ec', algorithm: 'sha256' } as const;

/** A root made for this test, a certificate for this machine, and two of clients. */
export async function makeCertificates(): Promise<Certificates> {
  const root = await generate(attributes('Test root'), {
    ...strong,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: root.private, cert: root.cert };
  const altNames = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  const passphrase = 'open-sesame';
  const [server, client, locked] = await Promise.all([
    generate(attributes('localhost'), { ...strong, ca, extensions: [{ name: 'subjectAltName', altNames }] }),
    generate(attributes('patchcord'), { ...strong, ca }),
    generate(attributes('patchcord-locked'), { ...strong, ca, passphrase }),
  ]);
  return {
    ca: root.cert,
    server: { certificate: server.cert, privateKey: server.private },
    client: { certificate: client.cert, privateKey: client.private },
    lockedClient: { certificate: locked.cert, privateKey: locked.private, passphrase },
  };
}
