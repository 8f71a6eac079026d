import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type Failure, rpc } from '@patchcord/contracts';
import { eventually, recordingServer } from '@patchcord/testkit';
import { type AuthorizationServer, startAuthorizationServer } from '@patchcord/testkit/authorization-server';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const timeout = { timeoutMs: 5000 };
let fixture: Fixture;
let provider: AuthorizationServer;
let redis: Redis;

beforeAll(async () => {
  [fixture, provider] = await Promise.all([startFixture(), startAuthorizationServer()]);
  redis = new Redis(fixture.servers.redis.url);
  await fixture.startReplica({ SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` });
  await callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'cs', value: provider.clientSecret }, timeout);
  await fixture.config.put(tenantId, 'site-authentication', {
    id: 'google',
    name: 'Google',
    kind: 'oauth2-authorization-code',
    tokenUrl: provider.tokenUrl,
    authorizationUrl: provider.authorizationUrl,
    clientId: provider.clientId,
    clientSecret: 'cs',
    scopes: ['openid', 'offline_access', 'crm'],
    egress: onThisMachine,
  });
  await fixture.config.put(tenantId, 'site-authentication', { id: 'plain', name: 'P', kind: 'bearer', token: 'cs' });
});
afterAll(async () => {
  redis.disconnect();
  await fixture.stop();
  await provider.close();
});

const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => Promise.reject(new Error('expected a failure')),
    (failure: Failure) => failure,
  );
const begin = (authenticationId = 'google'): Promise<{ url: string }> =>
  eventually(() =>
    callRpc(fixture.bus, rpc.beginConsent, { tenantId, authenticationId, redirectUri: provider.redirectUri }, timeout),
  );
const end = (callbackUrl: string) => callRpc(fixture.bus, rpc.endConsent, { callbackUrl }, timeout);
const secretIds = async (): Promise<string[]> =>
  (await callRpc(fixture.bus, rpc.listSecrets, { tenantId }, timeout)).secrets.map(({ id }) => id);

describe('consent', () => {
  it('goes to the authorization server with PKCE and with what the configured address asks for', async () => {
    const { searchParams, origin } = new URL((await begin()).url);
    expect(origin).toBe(provider.url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      prompt: 'consent',
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: provider.redirectUri,
      scope: 'openid offline_access crm',
    });
  });

  it('ends in a sealed refresh token, and the site is told of calls with a token that it gave', async () => {
    const crm = await recordingServer(async ({ headers }) => {
      const found = await provider.check(String(headers.authorization).replace('Bearer ', ''));
      return { status: found === undefined ? 401 : 200 };
    });
    const callbackUrl = await provider.browse((await begin()).url);
    expect(await end(callbackUrl)).toEqual({ tenantId, authenticationId: 'google' });
    expect(await secretIds()).toContain('oauth-google');
    await fixture.addSite('allowed', { url: crm.url, authentication: 'google' });
    const callId = newCallId();
    await fixture.publish(
      changed(callId, 'answered', { queues: [{ queue: 'allowed', enteredAt: '2026-11-20T23:41:21Z' }] }),
    );
    await fixture.until(answeredWork(callId, 'allowed'), 'succeeded');
    await crm.close();
  });

  it('works once - a second answer of the same consent is refused', async () => {
    const callbackUrl = await provider.browse((await begin()).url);
    await end(callbackUrl);
    const failure = await failureOf(end(callbackUrl));
    expect([failure.class, failure.code]).toEqual(['permanent', 'consent_unknown']);
  });

  it('is forgotten after ten minutes and lies in Redis sealed', async () => {
    await redis.del(...(await redis.keys('*consent*')), 'none');
    const { url } = await begin();
    const [name = ''] = await redis.keys('*consent*');
    const ttlMs = await redis.pttl(name);
    expect(ttlMs).toBeGreaterThan(590_000);
    expect(ttlMs).toBeLessThanOrEqual(600_000);
    expect(await redis.get(name)).not.toContain('google');
    await redis.del(name);
    expect((await failureOf(end(await provider.browse(url)))).code).toBe('consent_unknown');
  });

  it("is not another tenant's - a changed state finds nothing", async () => {
    const callback = new URL(await provider.browse((await begin()).url));
    const state = callback.searchParams.get('state') ?? '';
    for (const other of [state.replace(tenantId, 'evil'), state.slice(0, -1), '', 'a.b.c', '{x}.y']) {
      callback.searchParams.set('state', other);
      expect((await failureOf(end(callback.href))).code).toBe('consent_unknown');
    }
    callback.searchParams.set('state', state);
    expect(await end(callback.href)).toEqual({ tenantId, authenticationId: 'google' });
  });

  it('of a person who says no keeps what was there', async () => {
    const callback = new URL(await provider.browse((await begin()).url));
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'access_denied');
    const failure = await failureOf(end(callback.href));
    expect(failure.code).toBe('credentials_refused');
    expect(failure.message).toContain('access_denied');
    expect(await secretIds()).toContain('oauth-google');
  });

  it.each(['plain', 'nobody'])('is not begun for %s, which is none of its kind', async (authenticationId) => {
    const wanted = { tenantId, authenticationId, redirectUri: provider.redirectUri };
    const failure = await failureOf(callRpc(fixture.bus, rpc.beginConsent, wanted, timeout));
    expect(failure.code).toBe('not_found');
  });
});
