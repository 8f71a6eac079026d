import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  type AmiReplayServer,
  type AmiReplayServerOptions,
  eventually,
  readAmiRecording,
  startAmiReplayServer,
} from '../src/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'patchcord-replay-'));
const recording = join(dir, 'call.ami.jsonl');
const ids = { Channel: 'PJSIP/carrier-00000648', Uniqueid: '1795218080.1608', Linkedid: '1795218080.1608' };
const bridge = 'a8cc1557-3be9-45f5-a575-7858054198d1';
writeFileSync(
  recording,
  [
    { t: 1000, kind: 'banner', msg: { Banner: 'Asterisk Call Manager/11.0.0' } },
    { t: 1000, kind: 'event', msg: { Event: 'FullyBooted', Uptime: '1' } },
    { t: 1100, kind: 'mark', msg: { Mark: 'caller dials', Request: { Action: 'x' } } },
    { t: 1795218080100, kind: 'event', msg: { Event: 'Newchannel', ...ids, CallerIDNum: '+14155550123' } },
    { t: 1795218080150, kind: 'event', msg: { Event: 'VarSet', ...ids, ChanVariable: ['A=1', 'B=+14155550123'] } },
    { t: 1795218080200, kind: 'event', msg: { Event: 'BridgeEnter', ...ids, BridgeUniqueid: bridge } },
    {
      t: 1795218080200,
      kind: 'event',
      msg: { Event: 'Newchannel', Channel: 'PJSIP/1001-00000649', Uniqueid: 'cti-c2c-1' },
    },
    { t: 1795218080300, kind: 'event', msg: { Event: 'Hangup', ...ids, Cause: '16' } },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n'),
);
afterAll(() => rmSync(dir, { recursive: true }));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: AmiReplayServerOptions = {}): Promise<AmiReplayServer> {
  const server = await startAmiReplayServer(options);
  cleanups.push(() => server.stop());
  return server;
}

interface Client {
  readonly socket: Socket;
  readonly text: () => string;
  action(name: string, headers?: Record<string, string>): void;
}

function client(server: AmiReplayServer): Client {
  const socket = connect(server.port, server.host);
  cleanups.push(() => socket.destroy());
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const action = (name: string, headers: Record<string, string> = {}): void => {
    const lines = Object.entries({ Action: name, ActionID: `id-${name}`, ...headers });
    socket.write(`${lines.map(([header, value]) => `${header}: ${value}\r\n`).join('')}\r\n`);
  };
  return { socket, text: () => text, action };
}

const shows = (peer: Client, what: string) => eventually(() => peer.text().includes(what), { what });

describe('AMI replay server', () => {
  test('plays a recording to the first client that logs in, and nothing of the recorder', async () => {
    const server = await start({ recording, speed: 100 });
    const peer = client(server);
    peer.action('Login', { Username: 'cti', Secret: 'x' });
    await shows(peer, 'Event: Hangup');
    expect(peer.text()).toMatch(/^Asterisk Call Manager\/11\.0\.0\r\nResponse: Success\r\n/);
    expect(peer.text().match(/Event: FullyBooted/g)).toHaveLength(1);
    expect(peer.text()).toContain('ChanVariable: A=1\r\nChanVariable: B=+14155550123\r\n');
    expect(peer.text()).not.toContain('Mark');
  });

  test('keeps the distances in time, scaled', async () => {
    const server = await start();
    const peer = client(server);
    peer.action('Login');
    const begin = performance.now();
    expect(await server.play({ recording, speed: 2 })).toBe(5);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(98);
  });

  test('refuses a wrong password', async () => {
    const server = await start({ username: 'cti', secret: 'right' });
    const peer = client(server);
    peer.action('Login', { Username: 'cti', Secret: 'wrong' });
    await shows(peer, 'Response: Error\r\nMessage: Authentication failed');
    expect(server.clients()).toBe(0);
  });

  test('lists the channels that are open, and answers Ping', async () => {
    const server = await start();
    const peer = client(server);
    peer.action('Login');
    await server.play({ recording, speed: Infinity });
    peer.action('CoreShowChannels');
    peer.action('Ping');
    await shows(peer, 'Ping: Pong');
    const list = peer.text().slice(peer.text().indexOf('EventList: start'));
    expect(list).toContain('Event: CoreShowChannel\r\n');
    expect(list).toContain('Uniqueid: cti-c2c-1');
    expect(list).not.toContain('Uniqueid: 1795218080.1608');
  });

  test('breaks connections and takes them again', async () => {
    const server = await start();
    const peer = client(server);
    peer.action('Login');
    await eventually(() => server.clients() === 1);
    server.disconnect();
    await eventually(() => peer.socket.destroyed && server.clients() === 0);
    client(server).action('Login');
    await eventually(() => server.clients() === 1);
  });
});

describe('AMI recording', () => {
  test('renumbering gives another call of the same shape', () => {
    const [plain, other] = [readAmiRecording(recording), readAmiRecording(recording, { shiftS: 86_400 })];
    expect(other[0]?.headers.Uniqueid).toBe('1795304480.1608');
    expect(other.map(({ atMs }) => atMs)).toEqual(plain.map(({ atMs }) => atMs));
    for (const name of ['Uniqueid', 'Linkedid', 'Channel', 'BridgeUniqueid']) {
      const values = (events: typeof plain) => events.map(({ headers }) => headers[name]);
      const [before, after] = [values(plain), values(other)];
      for (const [index, value] of before.entries()) {
        if (value !== undefined) expect(after[index]).not.toBe(value);
        expect(after.indexOf(after[index])).toBe(before.indexOf(value));
      }
    }
  });

  test('gives the caller another number wherever it stands', () => {
    const events = readAmiRecording(recording, { shiftS: 1, callerNumber: '+14155559999' });
    expect(JSON.stringify(events)).not.toContain('+14155550123');
    expect(events[1]?.headers.ChanVariable).toEqual(['A=1', 'B=+14155559999']);
  });

  test('begins now unless told otherwise', () => {
    const [first] = readAmiRecording(recording, {});
    expect(Math.abs(Number.parseInt(String(first?.headers.Uniqueid), 10) - Date.now() / 1000)).toBeLessThan(5);
  });
});
