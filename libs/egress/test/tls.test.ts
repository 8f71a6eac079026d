import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { tlsSettings } from '@patchcord/contracts';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEgress, type Egress, type EgressOutcome, type EgressRequest } from '../src/index.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { onPremises, type SiteFixture, siteFixture, verdict } from './site-fixture.ts';

let certificates: Certificates;
let egress: Egress;
let site: SiteFixture;
let stop: (() => void) | undefined;

beforeAll(async () => {
  certificates = await makeCertificates();
});
beforeEach(() => {
  egress = createEgress();
  site = siteFixture();
});
afterEach(async () => {
  await egress.close();
  await site.close();
  stop?.();
});

/** An HTTPS server that answers with whom it speaks to. */
async function secureServer(options: ServerOptions = {}): Promise<string> {
  const { certificate: cert, privateKey: key } = certificates.server;
  const server = createServer({ cert, key, ...options }, (request, response) => {
    const { socket } = request;
    const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
    const peer = { client: subject?.CN ?? null, port: socket.remotePort };
    response.end(JSON.stringify(peer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}

const send = (url: string, more: Partial<EgressRequest> = {}): Promise<EgressOutcome> =>
  egress.send({ method: 'GET', url, headers: {}, timeoutMs: 5000, policy: onPremises, ...more });
const body = (outcome: EgressOutcome): { client: string | null; port: number } => JSON.parse(outcome.body ?? '{}');
const trusting = () => tlsSettings.parse({ ca: certificates.ca });

describe('egress - TLS of each request', () => {
  it('a root that the request brings is trusted, and public ones do not suffice', async () => {
    const url = await secureServer();
    expect(verdict(await send(url))).toMatch(/^permanent tls_/);
    expect(verdict(await send(url, { tls: trusting() }))).toBe('200');
  });

  it('without verification any certificate will do, and its connection serves no strict request', async () => {
    const url = await secureServer();
    expect(verdict(await send(url, { tls: tlsSettings.parse({ verify: false }) }))).toBe('200');
    expect(verdict(await send(url))).toMatch(/^permanent tls_/);
  });

  it('a server that speaks TLS 1.2 at best is refused where 1.3 is asked for', async () => {
    const url = await secureServer({ maxVersion: 'TLSv1.2' });
    expect(verdict(await send(url, { tls: trusting() }))).toBe('200');
    const strict = tlsSettings.parse({ ca: certificates.ca, minVersion: 'TLSv1.3' });
    expect(verdict(await send(url, { tls: strict }))).toBe('transient tls_handshake_failed');
  });

  it('a connection of one client certificate never serves another, nor a request without one', async () => {
    const url = await secureServer({ ca: certificates.ca, requestCert: true, rejectUnauthorized: false });
    const as = (clientCertificate: EgressRequest['clientCertificate']) =>
      send(url, { tls: trusting(), clientCertificate }).then(body);
    const [one, locked, none, again] = [
      await as(certificates.client),
      await as(certificates.lockedClient),
      await as(undefined),
      await as({ ...certificates.client }),
    ];
    expect([one.client, locked.client, none.client]).toEqual(['patchcord', 'patchcord-locked', null]);
    expect(again).toEqual(one);
  });

  it.each([
    ['a key that is no PEM', { privateKey: 'no-pem-s3cret' }],
    ['the key of another certificate', 'server'],
    ['a wrong passphrase', 'passphrase'],
  ])('%s is a failure of its own and is not quoted', async (_name, broken) => {
    const { client, server, lockedClient } = certificates;
    const bad = broken === 'server' ? { privateKey: server.privateKey } : broken;
    const shown =
      broken === 'passphrase' ? { ...lockedClient, passphrase: 'no-pem-s3cret' } : { ...client, ...(bad as object) };
    const outcome = await send('https://localhost:1/', { clientCertificate: shown });
    expect(verdict(outcome)).toBe('permanent certificate_invalid');
    expect(JSON.stringify([outcome, outcome.ok ? '' : outcome.failure.message])).not.toContain('s3cret');
  });
});

describe('site authenticator - mutual TLS', () => {
  it('shows the certificate that lies in secrets, with its passphrase', async () => {
    const url = await secureServer({ ca: certificates.ca, requestCert: true, rejectUnauthorized: true });
    const { certificate, privateKey, passphrase } = certificates.lockedClient;
    site.secrets.set('cert', certificate).set('pk', privateKey).set('phrase', passphrase);
    const authentication = { id: 'a', name: 'A', kind: 'mutual-tls', certificate: 'cert', privateKey: 'pk' } as const;
    const request = { url, tls: trusting() };
    const outcome = await site.send({ ...authentication, passphrase: 'phrase' }, request);
    expect(body(outcome).client).toBe('patchcord-locked');
    expect(verdict(await site.send(undefined, request))).not.toBe('200');
    expect(verdict(await site.send(authentication, request))).toBe('permanent certificate_invalid');
  });
});
