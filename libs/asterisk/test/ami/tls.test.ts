import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connectAmi } from '../../src/ami/client.ts';
import { startPbx } from '../support/scripted-pbx.ts';

const dir = mkdtempSync(join(tmpdir(), 'patchcord-tls-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** A certificate for the name `pbx.test`, signed by itself; undefined where there is no openssl. */
function certificate(): { key: string; cert: string } | undefined {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=pbx.test', '-addext', 'subjectAltName=DNS:pbx.test'];
  try {
    execFileSync('openssl', ['req', ...options, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  }
}

const pair = certificate();
const login = { host: '127.0.0.1', username: 'cti', secret: 'x', onEvent: () => undefined, loginTimeoutMs: 300 };

describe.skipIf(pair === undefined)('AMI client over TLS', () => {
  test('logs in when the certificate is the one we trust, for the name we expect', async () => {
    const pbx = await startPbx({}, pair);
    const tls = { ca: pair?.cert, servername: 'pbx.test' };
    const client = await connectAmi({ ...login, port: pbx.port, tls });
    await client.action('Ping');
    client.close();
    await pbx.down();
  });

  test.each([
    ['a certificate that nobody vouches for', { servername: 'pbx.test' }],
    ['a certificate of another name', { ca: pair?.cert, servername: 'other.test' }],
  ])('refuses %s', async (_, tls) => {
    const pbx = await startPbx({}, pair);
    await expect(connectAmi({ ...login, port: pbx.port, tls })).rejects.toMatchObject({ code: 'ami_tls_failed' });
    await pbx.down();
  });

  test('a PBX that speaks no TLS is told as such', async () => {
    const pbx = await startPbx();
    await expect(connectAmi({ ...login, port: pbx.port, tls: {} })).rejects.toMatchObject({ code: 'ami_tls_failed' });
    await pbx.down();
  });
});
