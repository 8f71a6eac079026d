import { createHmac, randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { rpc, streams } from '@patchcord/contracts';
import { recordingServer } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';
import { allOfRedis } from './redis-content.ts';

const timeout = { timeoutMs: 5000 };
const hush = 'hush-hush-4711';
const signingKey = randomBytes(32);

let fixture: Fixture;
let crm: Awaited<ReturnType<typeof recordingServer>>;
let login: Awaited<ReturnType<typeof recordingServer>>;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` });
  const secrets = { hush, signing: `whsec_${signingKey.toString('base64')}` };
  for (const [id, value] of Object.entries(secrets)) {
    await callRpc(fixture.bus, rpc.putSecret, { tenantId, id, value }, timeout);
  }
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  login = await recordingServer(() => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: `${hush}-token`, expires_in: 600 }),
  }));
  crm = await recordingServer();
});
afterEach(async () => {
  await crm.close();
  await login.close();
});

/** A call that a site with this authentication is told of; gives the id of its work. */
async function call(id: string, authentication: object): Promise<string> {
  await fixture.config.put(tenantId, 'site-authentication', { id, name: id, ...authentication });
  await fixture.addSite(id, { url: `${crm.url}/calls?lang=en`, authentication: id });
  const callId = newCallId();
  await fixture.publish(changed(callId, 'answered', { queues: [{ queue: id, enteredAt: '2026-11-20T23:41:21Z' }] }));
  return answeredWork(callId, id);
}

describe('a site with an authentication', () => {
  it('is told of calls with its credentials, and no secret lies in Redis, in NATS or in the log of deliveries', async () => {
    const works = [
      await call('by-query', { kind: 'api-key', in: 'query', field: 'api_key', key: 'hush' }),
      await call('by-basic', { kind: 'basic', username: 'us', password: 'hush' }),
      await call('by-login', {
        kind: 'login-token',
        tokenUrl: login.url,
        username: 'us',
        password: 'hush',
        egress: onThisMachine,
      }),
    ];
    for (const work of works) await fixture.until(work, 'succeeded');
    const of = (place: string) => crm.seen.filter(({ headers }) => headers['idempotency-key']?.includes(place));
    expect(of('by-query')[0]?.url).toBe(`/calls?lang=en&api_key=${hush}`);
    expect(of('by-basic')[0]?.headers.authorization).toBe(`Basic ${btoa(`us:${hush}`)}`);
    expect(of('by-login')[0]?.headers.authorization).toBe(`Bearer ${hush}-token`);
    const everything = [...(await allOfRedis(fixture.servers.redis.url)), ...(await allOfNats())].join('\n');
    expect(everything).toContain('/calls?lang=en');
    for (const secret of [hush, btoa(`us:${hush}`)]) expect(everything).not.toContain(secret);
  });

  it('by HMAC - each attempt has the id of the work, and its own time and signature', async () => {
    let attempts = 0;
    await crm.close();
    crm = await recordingServer(() => {
      attempts += 1;
      return { status: attempts === 1 ? 500 : 200 };
    });
    const work = await call('by-hmac', { kind: 'hmac', secrets: ['signing'] });
    await fixture.until(work, 'succeeded');
    expect(crm.seen).toHaveLength(2);
    for (const { headers, body } of crm.seen) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-id']).toBe(work.replaceAll('.', '~'));
      expect(headers['webhook-signature']).toBe(
        `v1,${createHmac('sha256', signingKey).update(signed).digest('base64')}`,
      );
    }
  });

  it('whose secret is missing is dead at once, by the name of the secret', async () => {
    const work = await call('by-nothing', { kind: 'bearer', token: 'never-set' });
    const row = await fixture.until(work, 'dead');
    expect(row.attempts.at(-1)?.failure).toMatchObject({ class: 'permanent', code: 'secret_missing' });
    expect(row.attempts.at(-1)?.failure?.message).toContain('never-set');
    expect(crm.seen).toEqual([]);
  });

  it('whose token endpoint is down is tried again on schedule', async () => {
    await login.close();
    const { port } = login;
    const authentication = { kind: 'login-token', username: 'us', password: 'hush', egress: onThisMachine };
    const work = await call('by-later', { ...authentication, tokenUrl: `http://127.0.0.1:${port}/` });
    const row = await fixture.until(work, 'dead');
    expect(row.attempts.map(({ failure }) => failure?.code)).toEqual(
      Array.from({ length: 4 }, () => 'token_connection_refused'),
    );
  });
});

async function allOfNats(): Promise<string[]> {
  const { jsm } = fixture.bus;
  const names = [
    ...Object.values(streams).map(({ name }) => name),
    'KV_patchcord_config_v1',
    'KV_patchcord_secrets_v1',
  ];
  const found: string[] = [];
  for (const name of names) {
    const { first_seq, last_seq } = (await jsm.streams.info(name)).state;
    for (let seq = first_seq; seq <= last_seq; seq += 1) {
      const message = await jsm.streams.getMessage(name, { seq }).catch(() => null);
      if (message !== null) found.push(message.subject, new TextDecoder().decode(message.data));
    }
  }
  return found;
}
