import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { egressPolicy, type SiteAuthentication, siteAuthentication } from '@patchcord/contracts';
import {
  createEgress,
  createSiteAuthenticator,
  type Egress,
  type EgressOutcome,
  type SiteAuthenticator,
} from '@patchcord/egress';
import { connectRedis } from '@patchcord/runtime';
import { eventually, recordingServer, type ServerProcess, startRedis } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSealingKeys } from '../src/adapters/secrets-keys.ts';
import { createSealer } from '../src/adapters/secrets-seal.ts';
import { createTokenStore } from '../src/adapters/token-store.ts';
import { log } from './fixture.ts';

const onPremises = egressPolicy.parse({ allowHttp: true, allowCidrs: ['127.0.0.0/8'] });
/** Class and code of a failure, or the status. */
const verdict = (outcome: EgressOutcome): string =>
  outcome.ok ? String(outcome.status) : `${outcome.failure.class} ${outcome.failure.code}`;

interface Replica {
  readonly redis: Redis;
  readonly egress: Egress;
  readonly authenticator: SiteAuthenticator;
}

const tenantId = 'acme';
const keys = `k1:${randomBytes(32).toString('base64')}`;
const sealer = createSealer(parseSealingKeys(keys));

let server: ServerProcess;
let replicas: readonly [Replica, Replica];
let login: Awaited<ReturnType<typeof recordingServer>>;
let crm: Awaited<ReturnType<typeof recordingServer>>;
let lifeSeconds = 600;
let valid: Set<string>;

async function startReplica(): Promise<Replica> {
  const redis = await connectRedis({ url: server.url, name: 'test', log });
  const egress = createEgress();
  const authenticator = createSiteAuthenticator({
    egress,
    secret: async () => 'the-password',
    storeSecret: async () => {},
    tokens: createTokenStore({ redis, sealer }),
  });
  return { redis, egress, authenticator };
}

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  lifeSeconds = 600;
  valid = new Set();
  replicas = [await startReplica(), await startReplica()];
  await replicas[0].redis.flushall();
  login = await recordingServer(() => {
    const token = `the-token-${login.seen.length}`;
    valid.add(token);
    const body = JSON.stringify({ token, expires_in: lifeSeconds });
    return { headers: { 'content-type': 'application/json' }, body };
  });
  crm = await recordingServer(({ headers }) => ({
    status: valid.has(String(headers.authorization).slice('Bearer '.length)) ? 200 : 401,
  }));
});
afterEach(async () => {
  for (const { redis, egress, authenticator } of replicas) {
    await authenticator.settled();
    await egress.close();
    redis.disconnect();
  }
  await login.close();
  await crm.close();
});

const authentication = (more: object = {}): SiteAuthentication =>
  siteAuthentication.parse({
    id: 'oml',
    name: 'OML',
    kind: 'login-token',
    tokenUrl: login.url,
    username: 'patchcord',
    password: 'pw',
    egress: onPremises,
    ...more,
  });
const send = (replica: number, more: object = {}): Promise<EgressOutcome> =>
  (replicas[replica % 2] ?? replicas[0]).authenticator.send(
    { method: 'POST', url: crm.url, headers: {}, body: '{}', timeoutMs: 5000, policy: onPremises },
    { tenantId, authentication: authentication(more), messageId: 'm' },
  );
const fifty = (): Promise<string[]> =>
  Promise.all(Array.from({ length: 50 }, (_each, n) => send(n))).then((outcomes) => outcomes.map(verdict));
const allFine = Array.from({ length: 50 }, () => '200');

describe('one token for all replicas', () => {
  it('fifty requests at once over two replicas need one', async () => {
    expect(await fifty()).toEqual(allFine);
    expect(login.seen).toHaveLength(1);
  });

  it('fifty that meet a 401 in the middle of its life need one more', async () => {
    await fifty();
    valid.clear();
    expect(await fifty()).toEqual(allFine);
    expect(login.seen).toHaveLength(2);
  });

  it('when it has ended there is another, and Redis has forgotten the first', async () => {
    lifeSeconds = 0.3;
    expect(verdict(await send(0))).toBe('200');
    await eventually(async () => (await replicas[0].redis.keys('*token*')).length === 0);
    lifeSeconds = 600;
    expect(await fifty()).toEqual(allFine);
    expect(login.seen).toHaveLength(2);
  });

  it('lies in Redis sealed and for its tenant alone', async () => {
    await send(0);
    const { redis } = replicas[0];
    const [name = ''] = await redis.keys('*site-token:*');
    const sealed = (await redis.get(name)) ?? '';
    expect(name).toBe('pc:1:{acme}:site-token:oml');
    expect(sealed).not.toMatch(/the-token|the-password/);
    expect(await redis.pttl(name)).toBeGreaterThan(590_000);
    await redis.set('pc:1:{evil}:site-token:oml', sealed);
    expect(await createTokenStore({ redis, sealer }).get('evil', 'oml')).toBeUndefined();
  });

  it('is had anew when the keys have changed', async () => {
    await send(0);
    const { redis } = replicas[0];
    const others = createSealer(parseSealingKeys(`k2:${randomBytes(32).toString('base64')}`));
    expect(await createTokenStore({ redis, sealer: others }).get(tenantId, 'oml')).toBeUndefined();
  });

  it('a Redis that is away is our own trouble', async () => {
    replicas[1].redis.disconnect();
    expect(verdict(await send(1))).toBe('own-trouble redis_unavailable');
    expect(crm.seen).toEqual([]);
  });
});

describe('the lock of a token', () => {
  it("is one replica's, and only that one frees it", async () => {
    const [one, two] = replicas.map(({ redis }) => createTokenStore({ redis, sealer }));
    const first = await one?.lock(tenantId, 'oml', 50);
    expect(await two?.lock(tenantId, 'oml', 50)).toBeUndefined();
    const second = await eventually(() => two?.lock(tenantId, 'oml', 60_000));
    await first?.();
    expect(await one?.lock(tenantId, 'oml', 50)).toBeUndefined();
    await second();
    expect(await one?.lock(tenantId, 'oml', 50)).toBeDefined();
  });

  it('of a holder that was killed passes on after its time', async () => {
    const holderMs = 1500;
    const script = join(import.meta.dirname, 'tokens-holder.ts');
    const holder = spawn(process.execPath, [script, server.url, tenantId, 'oml', String(holderMs)]);
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('held\n');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const startedAt = performance.now();
    expect(await fifty()).toEqual(allFine);
    expect(login.seen).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(holderMs + 2000);
  });
});
