import { recordingServer, type ServerAnswer } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPremises, type SiteFixture, siteFixture, verdict } from './site-fixture.ts';

let site: SiteFixture;
let crm: Awaited<ReturnType<typeof recordingServer>>;
let endpoint: Awaited<ReturnType<typeof recordingServer>>;
/** What happens while the token endpoint works. */
let meanwhile: () => void;
let more: object;

const shown = (body: string): string => new URLSearchParams(body).get('refresh_token') ?? '';

beforeEach(async () => {
  site = siteFixture({ rt: 'of-the-wrong-person' });
  crm = await recordingServer();
  meanwhile = () => {};
  more = {};
  endpoint = await recordingServer(({ body }): ServerAnswer => {
    meanwhile();
    const answer = { access_token: `token-${shown(body)}`, token_type: 'Bearer', expires_in: 600, ...more };
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
  });
});
afterEach(async () => {
  await site.authenticator.settled();
  await site.close();
  await crm.close();
  await endpoint.close();
});

const send = () =>
  site.send(
    {
      id: 'oauth',
      name: 'OAuth',
      kind: 'oauth2-refresh-token',
      tokenUrl: endpoint.url,
      clientId: 'patchcord',
      refreshToken: 'rt',
      egress: onPremises,
    },
    { url: crm.url },
  );

describe('OAuth 2 - a refresh token that is set anew while the old one is used', () => {
  it.each([
    ['another one', { refresh_token: 'rotated' }],
    ['no other', {}],
  ])('is not overwritten, and no token of the old one is used: the server gives %s', async (_name, given) => {
    more = given;
    meanwhile = () => void site.secrets.set('rt', 'of-the-right-person');
    expect(verdict(await send())).toBe('own-trouble refresh_token_replaced');
    expect([site.secrets.get('rt'), crm.seen.length]).toEqual(['of-the-right-person', 0]);
    meanwhile = () => {};
    more = {};
    expect(verdict(await send())).toBe('200');
    expect(crm.seen[0]?.headers.authorization).toBe('Bearer token-of-the-right-person');
  });

  it('is read as it is stored now: one that another replica has used already would end them all', async () => {
    site.behind.set('rt', 'used-by-another-replica');
    expect(verdict(await send())).toBe('200');
    expect(endpoint.seen.map(({ body }) => shown(body))).toEqual(['of-the-wrong-person']);
  });
});
