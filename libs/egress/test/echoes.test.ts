import type { siteAuthentication } from '@patchcord/contracts';
import { recordingServer } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type SiteFixture, siteFixture } from './site-fixture.ts';

let site: SiteFixture;
let server: Awaited<ReturnType<typeof recordingServer>>;

const key = 'k3y/of the+crm"1';
beforeEach(async () => {
  site = siteFixture({ key, pw: 'pass-w0rd-of-ann' });
  server = await recordingServer(({ url, headers }) => ({
    status: url.startsWith('/moved') ? 302 : 400,
    headers: { location: `${server.url}${url}`, 'x-seen': String(headers['x-key'] ?? headers.authorization ?? '') },
    body: JSON.stringify({ url, headers, links: url.includes('key=') ? [`/next?key=${encodeURIComponent(key)}`] : [] }),
  }));
});
afterEach(async () => {
  await site.close();
  await server.close();
});

const entity = { id: 'crm-auth', name: 'CRM' };
const kinds: z.input<typeof siteAuthentication>[] = [
  { ...entity, kind: 'api-key', in: 'query', field: 'key', key: 'key' },
  { ...entity, kind: 'api-key', field: 'X-Key', key: 'key' },
  { ...entity, kind: 'bearer', token: 'key' },
  { ...entity, kind: 'basic', username: 'ann', password: 'pw' },
];

describe('site authenticator - a site that sends our credentials back', () => {
  it.each(kinds)('does not make them known to who sees its answer: $kind $in', async (authentication) => {
    site.secrets.set('key', authentication.kind === 'bearer' ? 'static-bearer-token' : key);
    for (const path of ['/moved?a=1', '/refused?a=1']) {
      const outcome = await site.send(authentication, { url: `${server.url}${path}` });
      expect(outcome.headers?.location).toContain('a=1');
      const shown = JSON.stringify([outcome.headers, outcome.body]);
      expect(shown).not.toMatch(/k3y|pass-w0rd|static-bearer|YW5uOnBhc3/);
      expect(shown).toContain('***');
    }
  });

  it('neither when it is a token that was fetched', async () => {
    const login = await recordingServer(() => ({
      headers: { 'content-type': 'application/json' },
      body: '{"token":"fetched-t0ken"}',
    }));
    const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
    const tokenUrl = `${login.url}/token`;
    const outcome = await site.send(
      { ...entity, kind: 'login-token', username: 'ann', password: 'pw', tokenUrl, egress },
      { url: `${server.url}/refused` },
    );
    await login.close();
    expect(server.seen[0]?.headers.authorization).toBe('Bearer fetched-t0ken');
    expect(JSON.stringify([outcome.headers, outcome.body])).not.toContain('fetched-t0ken');
  });

  it('an answer without them comes as it is', async () => {
    const outcome = await site.send({ ...entity, kind: 'mutual-tls', certificate: 'a', privateKey: 'b' }, { url: '' });
    expect(outcome.ok).toBe(false);
    const plain = await site.send(undefined, { url: `${server.url}/x?key=1` });
    expect(JSON.parse(plain.body ?? '')).toMatchObject({ url: '/x?key=1' });
  });
});
