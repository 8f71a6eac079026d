import { type AnyEvent, Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { type AmiConnector, createAmiConnector } from '../../src/ami/connector.ts';
import type { AmiConnectorOptions } from '../../src/ami/options.ts';
import type { AmiReport } from '../../src/ami/status.ts';
import { field } from '../../src/message.ts';
import { createListingMapper, type ListingMapper } from '../support/listing-mapper.ts';
import { answer, type PbxScript, type PbxState, type ScriptedPbx, startPbx } from '../support/scripted-pbx.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function pbxWith(script: PbxScript = {}): Promise<ScriptedPbx> {
  const pbx = await startPbx(script);
  cleanups.push(() => pbx.down());
  return pbx;
}

interface Rig {
  readonly connector: AmiConnector;
  readonly mapper: ListingMapper;
  readonly published: AnyEvent[];
  readonly reports: AmiReport[];
}

const quick = {
  bootTimeoutMs: 200,
  actionTimeoutMs: 500,
  reconnect: { minMs: 5, maxMs: 50 },
  publishRetry: { minMs: 5, maxMs: 20 },
};

function connect(pbx: ScriptedPbx, options: Partial<AmiConnectorOptions> = {}): Rig {
  const mapper = createListingMapper();
  const published: AnyEvent[] = [];
  const reports: AmiReport[] = [];
  const connector = createAmiConnector({
    pbxId: 'lab',
    tenantId: 'acme',
    host: pbx.host,
    port: pbx.port,
    username: 'cti',
    secret: 'secret',
    mapper,
    publish: async (events) => void published.push(...events),
    onReport: (report) => reports.push(report),
    ...options,
    limits: { ...quick, ...options.limits },
  });
  cleanups.push(() => connector.stop(100));
  connector.start();
  return { connector, mapper, published, reports };
}

const live = ({ connector }: Rig) =>
  eventually(() => connector.status().state === 'live', { what: 'a live connector' });
const kinds = ({ reports }: Rig) => reports.map(({ kind }) => kind);

describe('AMI connector: resynchronisation', () => {
  test('events before the snapshot are older than it, those that come while it is listed are newer', async () => {
    const channel = ['Event: CoreShowChannel', 'Uniqueid: 1.1'];
    const answers = answer({ channels: [channel], queues: [['Event: QueueParams', 'Queue: support']] });
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (field(action, 'Action') === 'CoreShowChannels') connection.event(['Event: DialBegin']);
        if (field(action, 'Action') === 'QueueStatus') connection.event(['Event: Hold']);
        answers(action, connection);
      },
    });
    const rig = connect(pbx);
    await live(rig);
    pbx.connections[0]?.event(['Event: Unhold']);
    await eventually(() => rig.published.length === 4);
    expect(rig.mapper.calls.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'apply FullyBooted',
      'apply DialBegin',
      'resync same',
      'apply Hold',
      'apply Unhold',
    ]);
    expect(rig.mapper.snapshots).toHaveLength(1);
    expect(rig.mapper.snapshots[0]?.channels.map((event) => field(event, 'Uniqueid'))).toEqual(['1.1']);
    expect(rig.mapper.snapshots[0]?.queues?.map((event) => field(event, 'Queue'))).toEqual(['support']);
    expect(rig.connector.status()).toMatchObject({ connected: true, booted: true, gaps: 0, restarts: 0 });
  });

  test('events carry the time they were received, also those held back', async () => {
    let now = 1000;
    let list = (): void => undefined;
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (field(action, 'Action') !== 'CoreShowChannels') return answer()(action, connection);
        now = 2000;
        connection.event(['Event: Hold']);
        list = () => answer()(action, connection);
      },
    });
    const rig = connect(pbx, { clock: () => now });
    await eventually(() => rig.connector.status().lastEventAt === new Date(2000).toISOString());
    now = 3000;
    list();
    await live(rig);
    expect(rig.mapper.calls).toEqual([
      { kind: 'apply', name: 'FullyBooted', atMs: 1000 },
      { kind: 'apply', name: 'Hold', atMs: 2000 },
      { kind: 'resync', name: 'same', atMs: 3000 },
    ]);
  });

  test('without FullyBooted it goes on after the deadline, and resynchronises again should it come', async () => {
    const pbx = await pbxWith({ onAction: answer({ booted: false }) });
    const rig = connect(pbx, { limits: { bootTimeoutMs: 20 } });
    await live(rig);
    expect(rig.connector.status().booted).toBe(false);
    expect(rig.mapper.snapshots).toHaveLength(1);
    pbx.connections[0]?.event(['Event: FullyBooted', 'Uptime: 1']);
    await eventually(() => rig.mapper.snapshots.length === 2);
    expect(rig.connector.status().gaps).toBe(0);
  });

  test('a user who may not list channels is served without a snapshot', async () => {
    const pbx = await pbxWith({ onAction: answer({ denied: ['CoreShowChannels', 'QueueStatus', 'CoreStatus'] }) });
    const rig = connect(pbx);
    await live(rig);
    expect(rig.mapper.snapshots).toEqual([]);
    expect(rig.reports).toContainEqual({ kind: 'live', resynchronised: false, restarted: false, channels: 0 });
  });

  test('a snapshot that is never answered ends the connection; what it told is kept', async () => {
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (connection.number > 1 || field(action, 'Action') !== 'QueueStatus') answer()(action, connection);
        else connection.event(['Event: Hold']);
      },
    });
    const rig = connect(pbx, { limits: { actionTimeoutMs: 50 } });
    await eventually(() => rig.mapper.snapshots.length === 1);
    expect(pbx.connections).toHaveLength(2);
    expect(rig.mapper.calls.map(({ name }) => name)).toContain('Hold');
    expect(rig.reports[0]).toMatchObject({ kind: 'gap', failure: { code: 'ami_action_timeout' } });
  });
});

describe('AMI connector: gaps', () => {
  const restartedAs = async (before: PbxState, after: PbxState): Promise<Rig> => {
    const pbx = await pbxWith({
      onAction: (action, connection) => answer(connection.number === 1 ? before : after)(action, connection),
    });
    const rig = connect(pbx);
    await live(rig);
    pbx.connections[0]?.socket.destroy();
    await eventually(
      () => rig.mapper.snapshots.length === 2 || rig.reports.filter((r) => r.kind === 'live').length === 2,
    );
    return rig;
  };

  test('a broken network is a gap, not a restart', async () => {
    const rig = await restartedAs({ startedAs: '10:00:00' }, { startedAs: '10:00:00' });
    expect(rig.mapper.snapshots.map(({ restarted }) => restarted)).toEqual([false, false]);
    expect(rig.connector.status()).toMatchObject({ gaps: 1, restarts: 0, state: 'live' });
    expect(kinds(rig)).toEqual(['live', 'gap', 'live']);
  });

  test('another start time is another PBX process', async () => {
    const rig = await restartedAs({ startedAs: '10:00:00' }, { startedAs: '10:00:07' });
    // First the end of what was, then what the new process said, then what it has now.
    await eventually(() => rig.mapper.snapshots.length === 3);
    expect(rig.mapper.calls.slice(2).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'resync restarted',
      'apply FullyBooted',
      'resync same',
    ]);
    expect(rig.connector.status()).toMatchObject({ gaps: 1, restarts: 1 });
  });

  test('without CoreStatus the uptime tells', async () => {
    const denied = ['CoreStatus', 'CoreShowChannels'];
    const rig = await restartedAs({ denied, uptimeS: 500 }, { denied, uptimeS: 0 });
    // Nothing may be listed, and yet it is certain that no call of before is left.
    expect(rig.mapper.snapshots).toMatchObject([
      { channels: [], queues: undefined, restarted: true },
      { channels: [] },
    ]);
    const same = await restartedAs({ denied, uptimeS: 500 }, { denied, uptimeS: 501 });
    expect(same.connector.status().restarts).toBe(0);
  });

  test('a PBX that shuts down, refuses, and comes back is waited for', async () => {
    const shuttingDown: PbxScript['onAction'] = (action, connection) =>
      connection.reply(action, ['Response: Error', 'Message: Asterisk is shutting down']);
    const pbx = await pbxWith();
    const rig = connect(pbx);
    await live(rig);
    pbx.script = { onAction: shuttingDown };
    pbx.connections[0]?.socket.destroy();
    await eventually(() => rig.connector.status().failure?.code === 'ami_shutting_down');
    await pbx.down();
    await eventually(() => rig.connector.status().failure?.code === 'ami_refused');
    pbx.script = { onAction: answer({ startedAs: '11:00:00' }) };
    await pbx.listen();
    await live(rig);
    expect(rig.connector.status()).toMatchObject({ restarts: 1, gaps: 1 });
    expect(rig.connector.status().failure).toBeUndefined();
  });

  test('a wrong password is tried again at the longest distance only', async () => {
    const pbx = await pbxWith({
      onAction: (action, connection) => connection.reply(action, ['Response: Error', 'Message: Authentication failed']),
    });
    const rig = connect(pbx, { limits: { reconnect: { minMs: 1, maxMs: 60_000 } } });
    await eventually(() => rig.reports.length > 0);
    expect(rig.reports).toEqual([expect.objectContaining({ kind: 'connect-failed', nextMs: 60_000 })]);
    expect(rig.connector.status()).toMatchObject({ connected: false, failure: { code: 'ami_login_refused' } });
  });

  test('the delay grows while a PBX throws us out again and again', async () => {
    const pbx = await pbxWith({ onAction: answer({ onLogin: ({ socket }) => socket.destroy() }) });
    const rig = connect(pbx, { random: () => 1, limits: { reconnect: { minMs: 4, maxMs: 64 } } });
    const from = performance.now();
    await eventually(() => pbx.connections.length === 5);
    expect(performance.now() - from).toBeGreaterThan(4 + 8 + 16 + 32);
    expect(rig.connector.status().gaps).toBeGreaterThanOrEqual(4);
  });

  test('a PBX that hangs is given up and connected again', async () => {
    const pbx = await pbxWith({
      onAction(action, connection) {
        if (connection.number > 1 || field(action, 'Action') !== 'Ping') answer()(action, connection);
      },
    });
    const rig = connect(pbx, { limits: { pingIntervalMs: 20, pingTimeoutMs: 20 } });
    await eventually(() => rig.connector.status().gaps === 1 && rig.connector.status().state === 'live');
    expect(rig.reports[1]).toMatchObject({ kind: 'gap', failure: { code: 'ami_silent' } });
  });
});

describe('AMI connector: publishing', () => {
  const burst = (pbx: ScriptedPbx, count: number, connection = 0): void =>
    pbx.connections[connection]?.send(
      Array.from({ length: count }, (_, n) => `Event: VarSet\r\nN: ${n}\r\n\r\n`).join(''),
      4093,
    );

  test('what cannot be stored now is stored later, in order and once', async () => {
    let away = true;
    const published: string[] = [];
    const pbx = await pbxWith();
    const rig = connect(pbx, {
      publish: async (events) => {
        if (away) throw new Failure('own-trouble', 'nats_away', 'no NATS');
        published.push(...events.map(({ id }) => id));
      },
    });
    await live(rig);
    burst(pbx, 1000);
    await eventually(() => rig.connector.status().queued > 1000 && kinds(rig).includes('publish-failed'));
    expect(rig.connector.status()).toMatchObject({ state: 'live', gaps: 0 });
    away = false;
    await eventually(() => published.length >= 1001);
    expect(published).toEqual(Array.from({ length: 1001 }, (_, n) => `event-${n + 1}`));
  });

  test('over its bound it drops the connection, keeps what it has, and comes back when that is stored', async () => {
    let away = true;
    const published: string[] = [];
    const pbx = await pbxWith();
    const rig = connect(pbx, {
      limits: { maxQueuedEvents: 500, batchSize: 50 },
      publish: async (events) => {
        if (away) throw new Failure('own-trouble', 'nats_away', 'no NATS');
        published.push(...events.map(({ id }) => id));
      },
    });
    await live(rig);
    burst(pbx, 5000);
    await eventually(() => rig.connector.status().state === 'overloaded');
    expect(rig.connector.status().queued).toBe(501);
    expect(pbx.connections).toHaveLength(1);
    away = false;
    await live(rig);
    expect(published.slice(0, 501)).toEqual(Array.from({ length: 501 }, (_, n) => `event-${n + 1}`));
    expect(rig.mapper.snapshots).toHaveLength(2);
    expect(kinds(rig).filter((kind) => kind !== 'publish-failed')).toEqual(['live', 'gap', 'overloaded', 'live']);
  });

  test('a slow publisher does not slow the reading', async () => {
    const pbx = await pbxWith();
    const gate = Promise.withResolvers<void>();
    const rig = connect(pbx, { publish: () => gate.promise });
    await live(rig);
    burst(pbx, 10_000);
    await eventually(() => rig.mapper.messages.length === 10_001);
    expect(rig.connector.status().queued).toBe(10_001);
    gate.resolve();
    await eventually(() => rig.connector.status().queued === 0);
  });

  test('an event that can never be stored does not hold up the others', async () => {
    const published: string[] = [];
    const pbx = await pbxWith();
    const rig = connect(pbx, {
      publish: async (events) => {
        if (events.some(({ id }) => id === 'event-3')) throw new Failure('permanent', 'invalid', 'bad');
        published.push(...events.map(({ id }) => id));
      },
    });
    await live(rig);
    burst(pbx, 5);
    await eventually(() => published.length === 5);
    expect(published).toEqual(['event-1', 'event-2', 'event-4', 'event-5', 'event-6']);
    expect(rig.reports.filter(({ kind }) => kind === 'event-dropped')).toEqual([
      expect.objectContaining({ event: expect.objectContaining({ id: 'event-3' }) }),
    ]);
  });

  test('a message the mapper fails on does not stop the others', async () => {
    const mapper = createListingMapper();
    const pbx = await pbxWith();
    const rig = connect(pbx, {
      mapper: {
        resync: (snapshot, atMs) => mapper.resync(snapshot, atMs),
        apply: (message, atMs) => {
          if (field(message, 'N') === '1') throw new TypeError('a defect');
          return mapper.apply(message, atMs);
        },
      },
    });
    await live(rig);
    burst(pbx, 3);
    await eventually(() => rig.published.length === 3);
    expect(rig.reports).toContainEqual(expect.objectContaining({ kind: 'message-failed', event: 'VarSet' }));
    expect(rig.connector.status().state).toBe('live');
  });

  test('stop publishes what is left, and says what it had to give up', async () => {
    const pbx = await pbxWith();
    const quickly = connect(pbx);
    await live(quickly);
    burst(pbx, 100);
    await eventually(() => quickly.mapper.messages.length === 101);
    expect(await quickly.connector.stop()).toBe(0);
    expect(quickly.published).toHaveLength(101);
    expect(quickly.connector.status().state).toBe('stopped');

    const stuck = connect(pbx, { publish: () => Promise.reject(new Failure('own-trouble', 'nats_away', 'no NATS')) });
    await live(stuck);
    expect(await stuck.connector.stop(30)).toBe(1);
  });
});

describe('AMI connector: several PBXs', () => {
  test('each has its own connection; one that is away does not touch the others', async () => {
    const [first, second, third] = [await pbxWith(), await pbxWith(), await pbxWith()];
    await second.down();
    const rigs = [first, second, third].map((pbx) => connect(pbx));
    await eventually(() => rigs.filter((rig) => rig.connector.status().state === 'live').length === 2);
    first.connections[0]?.event(['Event: Hold']);
    await eventually(() => rigs[0]?.published.length === 2);
    expect(rigs[2]?.published).toHaveLength(1);
    await eventually(() => rigs[1]?.connector.status().failure?.code === 'ami_refused');
  });
});
