import { serveRpc } from '@patchcord/bus';
import { Failure, rpc } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type ConsoleFixture, refusalOf, send, startConsole } from './fixture.ts';

const publicUrl = 'https://patchcord.example.com/console/';
const oauth = {
  kind: 'oauth2-authorization-code',
  name: 'CRM',
  tokenUrl: 'https://crm.example/token',
  authorizationUrl: 'https://crm.example/authorize',
  clientId: 'patchcord',
};

interface Consents {
  readonly fixture: ConsoleFixture;
  readonly url: string;
  readonly token: string;
  readonly ended: string[];
}

/** A console that knows its address, and the dispatcher's side of consents. */
async function startConsents(): Promise<Consents> {
  const fixture = await startConsole();
  const ended: string[] = [];
  const begin = serveRpc(fixture.bus, rpc.beginConsent, async ({ tenantId, authenticationId, redirectUri }) => ({
    url: `https://crm.example/authorize?state=${tenantId}-${authenticationId}&redirect_uri=${encodeURIComponent(redirectUri)}`,
  }));
  const end = serveRpc(fixture.bus, rpc.endConsent, async ({ callbackUrl }) => {
    ended.push(callbackUrl);
    if (new URL(callbackUrl).searchParams.get('state') === 'acme-crm')
      return { tenantId: 'acme', authenticationId: 'crm' };
    throw new Failure('permanent', 'consent_unknown', 'this consent is not known: <b>');
  });
  onTestFinished(async () => void (await Promise.all([begin.stop(), end.stop()])));
  const { url = '' } = await fixture.another({ CONSOLE_PUBLIC_URL: publicUrl });
  const token = await fixture.token();
  await fixture.config.put('acme', 'site-authentication', { id: 'crm', ...oauth });
  return { fixture, url, token, ended };
}

const begin = ({ url, token }: Pick<Consents, 'url' | 'token'>, id = 'crm'): Promise<Response> =>
  send(new URL(`/v1/site-authentications/${id}/consent`, url), { method: 'POST', token });

test('consent - begins with an address that leads back to the public address of the console', async () => {
  const answer = await begin(await startConsents());
  const { url } = (await answer.json()) as { url: string };
  expect(new URL(url).searchParams.get('redirect_uri')).toBe('https://patchcord.example.com/console/v1/oauth/callback');
});

test('consent - ends where the browser comes back, without a token, with everything the server said', async () => {
  const { url, ended } = await startConsents();
  const back = await send(new URL('/v1/oauth/callback?code=a%2Bb&state=acme-crm&iss=https%3A%2F%2Fcrm.example', url));
  expect([back.status, await back.text()]).toEqual([
    200,
    expect.stringContaining('The consent for &quot;crm&quot; is stored'),
  ]);
  expect(back.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(back.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(ended).toEqual([
    'https://patchcord.example.com/console/v1/oauth/callback?code=a%2Bb&state=acme-crm&iss=https%3A%2F%2Fcrm.example',
  ]);
});

test('consent - a state that nobody began fails, and nothing of the address or of the failure becomes markup', async () => {
  const { url } = await startConsents();
  const back = await send(new URL('/v1/oauth/callback?code=x&state=%3Cscript%3E', url));
  const text = await back.text();
  expect(back.status).toBe(400);
  expect(text).toContain('this consent is not known: &lt;b&gt;');
  expect(text).not.toMatch(/<script|<b>/);
});

test('consent - is begun for what needs one only, by administrators, and not without a public address', async () => {
  const consents = await startConsents();
  const { fixture } = consents;
  await fixture.config.put('acme', 'site-authentication', { id: 'plain', kind: 'bearer', name: 'x', token: 'x' });
  expect(await refusalOf(await begin(consents, 'plain'))).toMatchObject({ status: 422, code: 'consent_not_needed' });
  expect((await begin(consents, 'none')).status).toBe(404);
  expect((await begin({ ...consents, token: await fixture.token('umbrella') })).status).toBe(404);
  expect((await begin({ ...consents, token: await fixture.token('acme', 'sessions:read') })).status).toBe(403);
  const homeless = await begin({ ...consents, url: fixture.service.url ?? '' });
  expect(await refusalOf(homeless)).toMatchObject({
    status: 503,
    message: expect.stringContaining('CONSOLE_PUBLIC_URL'),
  });
});
