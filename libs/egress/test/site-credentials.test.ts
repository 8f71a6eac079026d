import { createHmac } from 'node:crypto';
import { recordingServer } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clockStart, type SiteFixture, siteFixture, verdict } from './site-fixture.ts';

let site: SiteFixture;
let server: Awaited<ReturnType<typeof recordingServer>>;
const entity = { id: 'crm-auth', name: 'CRM' };
const hush = 'hush-hush-ünïcode';

beforeEach(async () => {
  site = siteFixture({ pw: hush, key: 'k&y=1/ü', token: 'static-token' });
  server = await recordingServer();
});
afterEach(async () => {
  await site.close();
  await server.close();
});

describe('site authenticator - credentials that are added as they are', () => {
  it('none - the request leaves as it is', async () => {
    expect(verdict(await site.send(undefined, { url: `${server.url}/a?b=%20c` }))).toBe('200');
    expect(server.seen[0]).toMatchObject({ url: '/a?b=%20c' });
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it('basic - user name and password in UTF-8, in place of a header that was there', async () => {
    const basic = { ...entity, kind: 'basic', username: 'Zoë', password: 'pw' } as const;
    await site.send(basic, { url: server.url, headers: { AUTHORIZATION: 'Bearer other' } });
    const sent = server.seen[0]?.headers.authorization ?? '';
    expect(Buffer.from(sent.replace(/^Basic /, ''), 'base64').toString('utf8')).toBe(`Zoë:${hush}`);
    expect(site.authenticator.adds({ ...basic })).toEqual({ headers: ['authorization'], query: [] });
  });

  it('basic - a user name with a colon would be cut at it, so it is refused', async () => {
    const outcome = await site.send({ ...entity, kind: 'basic', username: 'a:b', password: 'pw' }, { url: server.url });
    expect(verdict(outcome)).toBe('permanent username_invalid');
    expect(server.seen).toEqual([]);
  });

  it('api key - in a header', async () => {
    site.secrets.set('key', 'k-123');
    await site.send({ ...entity, kind: 'api-key', field: 'X-Api-Key', key: 'key' }, { url: server.url });
    expect(server.seen[0]?.headers['x-api-key']).toBe('k-123');
  });

  it.each([
    ['/p', '/p?key=k%26y%3D1%2F%C3%BC'],
    ['/p?a=1%20b+c', '/p?a=1%20b+c&key=k%26y%3D1%2F%C3%BC'],
    ['/p?key=old&a=1#there', '/p?a=1&key=k%26y%3D1%2F%C3%BC'],
    ['/p?', '/p?key=k%26y%3D1%2F%C3%BC'],
  ])('api key - in the query of %s, which keeps its other bytes', async (path, expected) => {
    const authentication = { ...entity, kind: 'api-key', in: 'query', field: 'key', key: 'key' } as const;
    await site.send(authentication, { url: `${server.url}${path}` });
    expect(server.seen[0]?.url).toBe(expected);
    expect(site.authenticator.adds(authentication)).toEqual({ headers: [], query: ['key'] });
  });

  it('bearer - a token that stays the same; a 401 is not tried again', async () => {
    await server.close();
    server = await recordingServer(() => ({ status: 401 }));
    const outcome = await site.send({ ...entity, kind: 'bearer', token: 'token' }, { url: server.url });
    expect(verdict(outcome)).toBe('permanent http_401');
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer static-token']);
  });

  it('a secret that is missing is named, and nothing is sent', async () => {
    const outcome = await site.send({ ...entity, kind: 'bearer', token: 'not-there' }, { url: server.url });
    expect(verdict(outcome)).toBe('permanent secret_missing');
    expect(outcome.ok ? '' : outcome.failure.message).toContain('not-there');
    expect(server.seen).toEqual([]);
  });

  it('an error of the store that is no failure is a defect, and its text is not shown', async () => {
    site.secrets.get = () => {
      throw new Error(`cannot read ${hush}`);
    };
    const outcome = await site.send({ ...entity, kind: 'bearer', token: 'token' }, { url: server.url });
    expect(verdict(outcome)).toBe('defect authentication_defect');
    expect(outcome.ok ? '' : outcome.failure.message).not.toContain(hush);
  });
});

describe('site authenticator - HMAC by Standard Webhooks', () => {
  const oldKey = Buffer.from('0123456789abcdef0123456789abcdef');
  const newKey = Buffer.from('fedcba9876543210fedcba9876543210');

  it('signs by each secret what a receiver verifies by the spec alone', async () => {
    site.secrets.set('new', `whsec_${newKey.toString('base64')}`).set('old', oldKey.toString('base64'));
    const body = '{"name":"José"}';
    await site.send({ ...entity, kind: 'hmac', secrets: ['new', 'old'] }, { url: server.url, body });
    const [seen] = server.seen;
    const headers: Readonly<Record<string, unknown>> = seen?.headers ?? {};
    const received = seen?.body ?? '';
    const id = String(headers['webhook-id']);
    const at = String(headers['webhook-timestamp']);
    expect([id, at]).toEqual(['w~c-1~crm~answered', String(clockStart / 1000)]);
    const expected = [newKey, oldKey].map(
      (key) => `v1,${createHmac('sha256', key).update(`${id}.${at}.${received}`, 'utf8').digest('base64')}`,
    );
    expect(headers['webhook-signature']).toBe(expected.join(' '));
    expect(received).toBe(body);
  });

  it('signs a request without a body as an empty one', async () => {
    site.secrets.set('new', newKey.toString('base64'));
    const request = { url: server.url, method: 'GET', body: undefined } as const;
    await site.send({ ...entity, kind: 'hmac', secrets: ['new'] }, request);
    const signed = `w~c-1~crm~answered.${clockStart / 1000}.`;
    const expected = createHmac('sha256', newKey).update(signed).digest('base64');
    expect(server.seen[0]?.headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('refuses a secret that is no base64, without quoting it', async () => {
    site.secrets.set('new', 'pass word?');
    const outcome = await site.send({ ...entity, kind: 'hmac', secrets: ['new'] }, { url: server.url });
    expect(verdict(outcome)).toBe('permanent secret_invalid');
    expect(outcome.ok ? '' : outcome.failure.message).not.toContain('pass word?');
  });
});
