import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { callRpc, createPublisher, type Publisher } from '@patchcord/bus';
import { type CallEvent, Failure, rpc, streams, subjects } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyOfCall } from '../src/adapters/call-history.ts';
import { createOpenWrites } from '../src/adapters/open-writes.ts';
import { rebuildSessions } from '../src/rebuild.ts';
import { callStoreOf } from '../src/service.ts';
import { createTelling } from '../src/usecases/tell-written.ts';
import { createWriteSession } from '../src/usecases/write-session.ts';
import { environment, log } from './fixture.ts';
import { type SessionFixture, startSessions } from './session-support.ts';

let fixture: SessionFixture;
beforeAll(async () => {
  fixture = await startSessions();
});
afterAll(() => fixture.stop());

const tenantId = 'acme';
const write = (callId: string, changes: Record<string, unknown>, more = {}) =>
  callRpc(
    fixture.bus,
    rpc.writeSession,
    { tenantId, callId, changes, by: { kind: 'flow' }, ...more },
    { timeoutMs: 2000 },
  );
const read = (callId: string) => callRpc(fixture.bus, rpc.readSession, { tenantId, callId }, { timeoutMs: 2000 });

/** The writes of a call that the stream holds. */
const stored = async (callId: string): Promise<CallEvent[]> =>
  (await historyOfCall(fixture.bus, { tenantId, callId })).filter(({ type }) => type.endsWith('.session-written'));

describe('session by request', () => {
  it('is read, written, written late, and not there', async () => {
    const callId = await fixture.call('rpc');
    expect(await write(callId, { 'app.flow.step': 2, 'ivr.a': 1 })).toMatchObject({ outcome: 'written', version: 6 });
    const found = await read(callId);
    expect(found).toMatchObject({ outcome: 'found', session: { data: { 'app.flow.step': 2, 'ivr.a': 1 } } });
    expect(await write(callId, { 'ivr.a': 2 }, { ifMatch: '"stale"' })).toMatchObject({
      outcome: 'conflict',
      version: 6,
    });
    await fixture.call('rpc', 15);
    expect(await write(callId, { 'ivr.a': 2 })).toMatchObject({ outcome: 'written', late: true, data: { 'ivr.a': 2 } });
    expect(await read('c-none')).toEqual({ outcome: 'unknown' });
    expect(await write('c-none', { 'ivr.a': 2 })).toEqual({ outcome: 'unknown' });
  });

  it('whoever is not the flow may not write its state', async () => {
    const callId = await fixture.call('rules');
    const by = { by: { kind: 'automation', id: 'a-1' } };
    expect(await write(callId, { 'app.x': 1 }, by)).toMatchObject({ outcome: 'written' });
    await expect(write(callId, { 'app.flow.step': 1 }, by)).rejects.toMatchObject({
      code: 'invalid_request',
      issues: [{ path: 'app.flow.step', message: /belongs to the flow alone/ }],
    });
  });

  it('a reader sees a write at once', async () => {
    const callId = await fixture.call('fast');
    const took: number[] = [];
    for (let at = 0; at < 100; at += 1) {
      const began = performance.now();
      const writing = write(callId, { 'ivr.n': at });
      const sees = async (): Promise<boolean> => {
        const found = await read(callId);
        return found.outcome === 'found' && found.session.data?.['ivr.n'] === at;
      };
      while (!(await sees())) expect(performance.now() - began).toBeLessThan(5000);
      took.push(performance.now() - began);
      await writing;
    }
    const sorted = took.toSorted((a, b) => a - b);
    const ms = (share: number) => sorted[Math.floor(share * sorted.length)]?.toFixed(1);
    console.log(`from a write's request to a reader's answer: p50 ${ms(0.5)} ms, p95 ${ms(0.95)} ms`);
    expect(took).toHaveLength(100);
  });
});

describe('writers', () => {
  it('many at once, by two replicas, while the PBX tells too - all are merged, no write is late, each is told once', async () => {
    await fixture.startReplica();
    const callId = await fixture.call('many', 3);
    const names = Array.from({ length: 40 }, (_, at) => `ivr.n${at}`);
    const writes = names.map((name, at) => write(callId, { [name]: at, 'ivr.last': at }));
    await Promise.all([...writes, fixture.call('many', 9)]);
    const { data } = await fixture.session(callId);
    expect(data).toMatchObject(Object.fromEntries(names.map((name, at) => [name, at])));
    const changes = await eventually(async () => {
      const all = await fixture.changes(callId);
      return all.length === 49 && all;
    });
    const ofWrites = changes.filter(({ data: { cause } }) => cause.type.endsWith('.session-written'));
    expect(ofWrites).toHaveLength(40);
    expect(ofWrites.some(({ data: { late } }) => late)).toBe(false);
    const newest = changes.toSorted((a, b) => a.data.session.version - b.data.session.version).at(-1);
    expect(newest?.data.session.data).toEqual(data);
    expect(await stored(callId)).toHaveLength(40);
  });

  it('who wrote after he read the answer of another is not overtaken by a clock that is ahead', async () => {
    const callId = await fixture.call('clocks');
    const writer = (now: number) => writerWith(createPublisher(fixture.bus), () => now).write;
    const ahead = await writer(Date.now() + 60_000)({
      ref: { tenantId, callId },
      changes: { 'ivr.a': 1 },
      by: { kind: 'crm' },
    });
    const behind = await writer(Date.now())({
      ref: { tenantId, callId },
      changes: { 'ivr.a': 2 },
      by: { kind: 'crm' },
    });
    expect([ahead, behind]).toMatchObject([{ outcome: 'written' }, { outcome: 'written' }]);
    const { session } = (await read(callId)) as { session: { data: unknown } };
    expect(session.data).toEqual({ 'ivr.a': 2 });
    await fixture.redis.del(...(await fixture.redis.keys(`pc:1:{acme:${callId}}:*`)));
    await rebuildSessions(fixture, { tenantId });
    expect((await fixture.session(callId)).data).toEqual({ 'ivr.a': 2 });
  });

  it('redelivered and shuffled, the copies of the stream change nothing, and a rebuild gives the same', async () => {
    const callId = await fixture.call('again', 9);
    for (let at = 0; at < 5; at += 1) await write(callId, { 'ivr.n': at, [`ivr.k${at}`]: at });
    await eventually(async () => (await fixture.changes(callId)).length === 14);
    const before = await fixture.session(callId);
    for (const event of (await stored(callId)).toReversed()) {
      await fixture.bus.js.publish(subjects.event(tenantId, 'call', callId, 'again'), JSON.stringify(event));
    }
    const { name } = streams.callEvents;
    await eventually(async () => {
      const info = await fixture.bus.jsm.consumers.info(name, 'session-store__sessions__v1');
      return info.num_pending + info.num_ack_pending === 0;
    });
    expect(await fixture.session(callId)).toEqual(before);
    expect(await fixture.changes(callId)).toHaveLength(14);
    await fixture.redis.del(...(await fixture.redis.keys(`pc:1:{acme:${callId}}:*`)));
    await rebuildSessions(fixture, { tenantId });
    expect(await fixture.session(callId)).toEqual(before);
  });
});

const nothing = () => undefined;

/** A writer that publishes so. */
function writerWith(publisher: Pick<Publisher, 'publish'>, now: () => number = Date.now) {
  const store = callStoreOf(fixture.settings, fixture.redis);
  const openWrites = createOpenWrites(fixture.redis);
  const telling = createTelling({ publisher, store, openWrites, onTrouble: nothing });
  const observer = { folded: nothing, conflict: nothing };
  const common = { service: 'session-store', store, openWrites, observer, now };
  return { telling, write: createWriteSession({ ...common, tell: telling.tell, wasThere: async () => false }) };
}

const openWritesOf = (tenant = tenantId) => fixture.redis.zrange(`pc:1:{${tenant}}:open-writes`, '0', '-1');

describe('died between the session and the stream', () => {
  it('who reads sees the write, and whoever sweeps puts it into the stream, once', async () => {
    const callId = await fixture.call('between');
    const gone = { publish: () => Promise.reject(new Failure('own-trouble', 'publish_failed', 'NATS is gone')) };
    const request = { ref: { tenantId, callId }, changes: { 'ivr.a': 1 }, by: { kind: 'crm' } } as const;
    expect(await writerWith(gone).write(request)).toMatchObject({
      outcome: 'written',
      session: { data: { 'ivr.a': 1 } },
    });
    expect(await read(callId)).toMatchObject({ session: { data: { 'ivr.a': 1 } } });
    expect(await stored(callId)).toEqual([]);
    expect(await openWritesOf()).toHaveLength(1);
    const { telling } = writerWith(createPublisher(fixture.bus));
    await Promise.all([telling.sweep(tenantId, Date.now() + 1), telling.sweep(tenantId, Date.now() + 1)]);
    expect(await stored(callId)).toHaveLength(1);
    expect(await openWritesOf()).toEqual([]);
    const told = await eventually(async () => (await fixture.changes(callId)).at(5));
    expect(told?.data.session.data).toEqual({ 'ivr.a': 1 });
  });

  it('a note of a write that was never made is dropped', async () => {
    await createOpenWrites(fixture.redis).note({ tenantId, callId: 'c-never' }, 'w-1');
    await writerWith(createPublisher(fixture.bus)).telling.sweep(tenantId, Date.now() + 1);
    expect(await openWritesOf()).toEqual([]);
  });

  it('the process is killed there, while NATS hangs - the next one brings the write into the stream', async () => {
    const callId = await fixture.call('killed');
    const child = await startProcess();
    const { nats } = fixture.servers;
    process.kill(nats.pid, 'SIGSTOP');
    try {
      const asked = fetch(`${child.url}/v1/calls/${callId}/variables`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${fixture.crm}`, 'content-type': 'application/json' },
        body: '{"ivr.a":1}',
      });
      const answer = await asked;
      expect(answer.status).toBe(200);
      child.process.kill('SIGKILL');
      await once(child.process, 'exit');
    } finally {
      process.kill(nats.pid, 'SIGCONT');
    }
    expect((await fixture.session(callId)).data).toEqual({ 'ivr.a': 1 });
    // What the dead one had handed to its socket may have come through; then the sweep finds it stored already.
    const telling = writerWith(createPublisher(fixture.bus)).telling;
    await telling.sweep(tenantId, Date.now() + 1);
    expect(await stored(callId)).toHaveLength(1);
    await eventually(async () => (await fixture.changes(callId)).length === 6);
  });
});

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function startProcess(): Promise<{ process: ChildProcess; url: string }> {
  const env = { ...process.env, ...environment(fixture.servers, { LOG_LEVEL: 'info', HTTP_HOST: '127.0.0.1' }) };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0], { what: 'the process' });
  log.info({ url }, 'process started');
  return { process: child, url };
}
