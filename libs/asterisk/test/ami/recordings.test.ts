import { readdirSync, readFileSync } from 'node:fs';
import type { AnyEvent } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createAmiConnector } from '../../src/ami/connector.ts';
import type { EventMapper } from '../../src/ami/feed.ts';
import { createAmiParser } from '../../src/ami/parser.ts';
import { createAmiMapper } from '../../src/mapping/index.ts';
import { type AmiMessage, field } from '../../src/message.ts';
import { createListingMapper, type ListingMapper } from '../support/listing-mapper.ts';
import { answer, type PbxState, type ScriptedPbx, startPbx } from '../support/scripted-pbx.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);

interface RecordedLine {
  readonly kind: string;
  readonly msg: Record<string, string | string[]> & {
    readonly Request?: { readonly Action: string };
    readonly List?: readonly Record<string, string>[];
  };
}

const raw = (name: string): Buffer => readFileSync(new URL(`raw/${name}.ami.txt`, fixtures));
const recorded = (name: string): RecordedLine[] =>
  readFileSync(new URL(`${name}.ami.jsonl`, fixtures), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function parseBytes(bytes: Buffer, chunk: number): AmiMessage[] {
  const parser = createAmiParser();
  const messages: AmiMessage[] = [];
  for (let at = 0; at < bytes.length; at += chunk) messages.push(...parser.push(bytes.subarray(at, at + chunk)));
  return messages;
}

/** A header that repeats is an array there, as in the recorder's own JSON. */
function asRecord(message: AmiMessage): Record<string, string | string[]> {
  const names = new Set(message.headers.map(([name]) => name));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = message.headers.filter(([header]) => header === name).map(([, value]) => value);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

describe('AMI parser on recordings', () => {
  const names = readdirSync(new URL('raw/', fixtures)).map((file) => file.replace('.ami.txt', ''));

  test('finds every recording', () => expect(names.length).toBeGreaterThan(45));

  test.each(names)('%s gives the messages the recorder saw', (name) => {
    const seen = recorded(name).filter(({ kind }) => kind !== 'mark');
    expect(parseBytes(raw(name), 1009).map(asRecord)).toEqual(seen.map(({ msg }) => msg));
  });
});

describe('AMI connector on recorded bytes', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** The bytes of each connection of a recording, from behind its login's answer. */
  function connectionsOf(name: string): string[] {
    const [, ...connections] = raw(name).toString('latin1').split('Asterisk Call Manager/11.0.0\r\n');
    return connections.map((bytes) => bytes.slice(bytes.indexOf('\r\n\r\n') + 4));
  }

  /** What the PBX answered to a snapshot action in the recording. */
  function listed(name: string, action: string): string[][] {
    const mark = recorded(name).find(({ msg }) => msg.Request?.Action === action);
    return (mark?.msg.List ?? [])
      .filter((item) => item.EventList === undefined)
      .map((item) =>
        Object.entries(item).flatMap(([header, value]) => (header === 'ActionID' ? [] : [`${header}: ${value}`])),
      );
  }

  async function play(name: string, stateOf: (connection: number) => PbxState, chunk = 611) {
    const told: AnyEvent[] = [];
    const real = createAmiMapper({ pbxId: 'lab', tenantId: 'acme' });
    const recordedBytes = connectionsOf(name);
    const pbx = await startPbx({
      onAction(action, connection) {
        const bytes = Buffer.from(recordedBytes[connection.number - 1] ?? '', 'latin1');
        // FullyBooted at once; the rest when the snapshot is taken, as in the recording.
        const first = bytes.indexOf('\r\n\r\n') + 4;
        const onLogin: PbxState['onLogin'] = () => connection.send(bytes.subarray(0, first), chunk);
        answer({ ...stateOf(connection.number), booted: false, onLogin })(action, connection);
        if (field(action, 'Action') === 'QueueStatus') connection.send(bytes.subarray(first), chunk);
      },
    });
    cleanups.push(() => pbx.down());
    const mapper = createListingMapper();
    const both: EventMapper = {
      apply: (message, atMs) => {
        mapper.apply(message, atMs);
        return real.apply(message, atMs);
      },
      resync: (snapshot, atMs) => {
        mapper.resync(snapshot, atMs);
        return real.resync(snapshot, atMs);
      },
    };
    const connector = createAmiConnector({
      pbxId: 'lab',
      tenantId: 'acme',
      host: pbx.host,
      port: pbx.port,
      username: 'cti',
      secret: 'secret',
      mapper: both,
      publish: async (events) => void told.push(...events),
      limits: { bootTimeoutMs: 100, reconnect: { minMs: 5, maxMs: 20 } },
    });
    cleanups.push(() => connector.stop(100));
    connector.start();
    const expected = (count: number): number =>
      recordedBytes
        .slice(0, count)
        .flatMap((bytes) => parseBytes(Buffer.from(bytes, 'latin1'), 4096))
        .filter((message) => field(message, 'Event') !== undefined).length;
    return { pbx, mapper, connector, expected, told };
  }

  const typesOf = (events: readonly AnyEvent[]) => events.map(({ type }) => type.split('.').at(-1));
  const allOf = (mapper: ListingMapper, count: number) =>
    eventually(() => mapper.messages.length >= count, { what: `${count} messages` });

  test.each([1, 7, 611, 65_536])('s1_caller_hangup arrives whole in chunks of %i bytes', async (chunk) => {
    const { mapper, expected } = await play('s1_caller_hangup', () => ({}), chunk);
    await allOf(mapper, expected(1));
    const lines = recorded('s1_caller_hangup').filter(({ kind }) => kind === 'event');
    expect(mapper.messages.map(asRecord)).toEqual(lines.map(({ msg }) => msg));
  });

  test('s9_read_call_only goes on without FullyBooted', async () => {
    const { mapper, connector, expected } = await play('s9_read_call_only', () => ({}));
    await allOf(mapper, expected(1));
    expect(connector.status()).toMatchObject({ state: 'live', booted: false });
    expect(mapper.snapshots).toHaveLength(1);
  });

  async function cutAfterFirst(pbx: ScriptedPbx, mapper: ListingMapper, count: number): Promise<void> {
    await allOf(mapper, count);
    pbx.connections[0]?.socket.destroy();
  }

  test('s9_ami_reconnect: the calls in the snapshot are those that go on', async () => {
    const name = 's9_ami_reconnect';
    const channels = listed(name, 'CoreShowChannels');
    const queues = listed(name, 'QueueStatus');
    const states = [{}, {}, { channels, queues }];
    const { pbx, mapper, connector, expected, told } = await play(name, (number) => states[number] ?? {});
    await cutAfterFirst(pbx, mapper, expected(1));
    await allOf(mapper, expected(2));
    const [, after] = mapper.snapshots;
    expect(after?.restarted).toBe(false);
    expect(after?.channels.map((channel) => field(channel, 'Uniqueid'))).toEqual(['1795217124.212', '1795217124.211']);
    expect(after?.queues?.map((event) => field(event, 'Event'))).toEqual(['QueueParams', 'QueueMember', 'QueueMember']);
    expect(connector.status()).toMatchObject({ gaps: 1, restarts: 0 });
    await eventually(() => typesOf(told).includes('ended'));
    expect(typesOf(told).filter((type) => type === 'offered')).toHaveLength(1);
    // The answer itself was lost in the gap; the snapshot tells that they talk.
    expect(typesOf(told)).toContain('answered');
  });

  test('s9_pbx_crash: the new process is noticed, nothing of the old one is left', async () => {
    const name = 's9_pbx_crash';
    const starts = ['', '23:27:40', '23:28:22'];
    const { pbx, mapper, connector, expected, told } = await play(name, (number) => ({
      startedAs: starts[number] ?? '',
    }));
    await cutAfterFirst(pbx, mapper, expected(1));
    await allOf(mapper, expected(2));
    expect(mapper.snapshots.map(({ restarted, channels }) => [restarted, channels.length])).toEqual([
      [false, 0],
      [true, 0],
      [false, 0],
    ]);
    expect(connector.status()).toMatchObject({ gaps: 1, restarts: 1 });
    await eventually(() => typesOf(told).includes('ended'));
    expect(typesOf(told).filter((type) => type === 'ended')).toHaveLength(1);
  });

  test('s8_load20 is read as fast as it comes', async () => {
    const { mapper, expected } = await play('s8_load20', () => ({}), 65_536);
    await allOf(mapper, expected(1));
    expect(mapper.messages).toHaveLength(expected(1));
  });
});
