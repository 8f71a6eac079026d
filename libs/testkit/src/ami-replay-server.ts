import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createOpenChannels, type OpenChannels } from './ami-open-channels.ts';
import { type AmiHeaderRecord, type Renumber, readAmiRecording } from './ami-recording.ts';

export interface ReplayOptions {
  /** An `.ami.jsonl` recording. */
  readonly recording: string | URL;
  /** 1: as it was; 10: ten times as fast; Infinity: at once. Default 1. */
  readonly speed?: number;
  /** Other ids (and caller), so that the same recording is another call each time it is played. */
  readonly renumber?: Renumber;
  /** Events that are not told. */
  readonly leaveOut?: (event: AmiHeaderRecord) => boolean;
}

export interface AmiReplayServerOptions extends Partial<ReplayOptions> {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** `QueueMember` entries that it lists. Default: none. */
  readonly members?: (() => readonly AmiHeaderRecord[]) | undefined;
  /** Who may log in. Default: everybody. */
  readonly username?: string;
  readonly secret?: string;
  /**
   * Answers actions that are not of a recording, e.g. an Originate; undefined: as usual. Events may follow the response.
   * The values of a header that repeats are one below the other.
   */
  readonly answers?: (action: ReadonlyMap<string, string>) => readonly AmiHeaderRecord[] | undefined;
}

/** A PBX made of recordings: it speaks AMI, lists the channels that are open in what it plays, and streams the events. */
export interface AmiReplayServer {
  readonly host: string;
  readonly port: number;
  /** Connections that are logged in. */
  clients(): number;
  /** Plays a recording to everybody who is logged in; waits for the first one. Resolves with the number of events. */
  play(options: ReplayOptions): Promise<number>;
  /** Tells these events to everybody who is logged in, at once. */
  tell(events: readonly AmiHeaderRecord[]): Promise<void>;
  /** Breaks every connection, as a network does. */
  disconnect(): void;
  stop(): Promise<void>;
}

/**
 * Starts a PBX made of recordings. A recording given here is played once, as soon as the first client is logged in.
 * Errors of that first playing reject `stop()`.
 */
export async function startAmiReplayServer(options: AmiReplayServerOptions = {}): Promise<AmiReplayServer> {
  const clients = new Set<Socket>();
  const sockets = new Set<Socket>();
  const channels = createOpenChannels();
  const stopping = new AbortController();
  const arrival = createArrival(clients);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      clients.delete(socket);
    });
    const admit = (): void => {
      clients.add(socket);
      arrival.notify();
    };
    serve(socket, { options, channels, admit });
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');

  const tell = async (events: readonly AmiHeaderRecord[]): Promise<void> => {
    for (const headers of events) {
      channels.note(headers);
      await send(clients, block(headers));
    }
  };
  const play = async (replay: ReplayOptions): Promise<number> => {
    const all = readAmiRecording(replay.recording, replay.renumber);
    const events = all.filter(({ headers }) => replay.leaveOut?.(headers) !== true);
    await arrival.wait(stopping.signal);
    const begin = performance.now();
    for (const { atMs, headers } of events) {
      const dueMs = atMs / (replay.speed ?? 1) - (performance.now() - begin);
      if (dueMs > 1) await delay(dueMs, undefined, { signal: stopping.signal });
      await tell([headers]);
    }
    return events.length;
  };
  const { recording } = options;
  const first = recording === undefined ? undefined : play({ ...options, recording }).catch(unlessAborted);

  return {
    host: '127.0.0.1',
    port: address.port,
    clients: () => clients.size,
    play,
    tell,
    disconnect: () => sockets.forEach((socket) => void socket.destroy()),
    async stop() {
      stopping.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await first;
    },
  };
}

function unlessAborted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}

function createArrival(clients: ReadonlySet<Socket>) {
  const first = Promise.withResolvers<void>();
  return {
    notify: first.resolve,
    async wait(signal: AbortSignal): Promise<void> {
      if (clients.size > 0) return;
      signal.addEventListener('abort', () => first.reject(signal.reason), { once: true });
      await first.promise;
    },
  };
}

async function send(clients: ReadonlySet<Socket>, bytes: string): Promise<void> {
  for (const socket of clients) {
    if (socket.write(bytes) || socket.destroyed) continue;
    // A client that is gone, or was killed, is no matter of whoever plays.
    await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
  }
}

/** Headers as lines; a list repeats its header. */
function block(headers: AmiHeaderRecord): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return `${lines.join('')}\r\n`;
}

interface Serving {
  readonly options: AmiReplayServerOptions;
  readonly channels: OpenChannels;
  readonly admit: () => void;
}

function serve(socket: Socket, serving: Serving): void {
  let unread = '';
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const blocks = `${unread}${text}`.replaceAll('\r\n', '\n').split('\n\n');
    unread = blocks.pop() ?? '';
    for (const action of blocks) answer(socket, parseAction(action), serving);
  });
}

/** The values of a header that repeats (`Variable`) are one below the other. */
function parseAction(text: string): Map<string, string> {
  const action = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    const before = action.get(name);
    action.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return action;
}

function answer(socket: Socket, action: Map<string, string>, { options, channels, admit }: Serving): void {
  const login = action.get('Action') === 'Login' && mayLogIn(action, options);
  const id = { ActionID: action.get('ActionID') ?? '' };
  const own = options.answers?.(action);
  for (const headers of own ?? []) socket.write(block({ ...headers, ...('Response' in headers ? id : {}) }));
  if (own !== undefined) return;
  for (const headers of repliesTo(action, { login, channels, members: options.members }))
    socket.write(block({ ...headers, ...id }));
  if (!login) return;
  socket.write(block({ Event: 'FullyBooted', Privilege: 'system,all', Uptime: '777', Status: 'Fully Booted' }));
  admit();
}

function repliesTo(
  action: Map<string, string>,
  {
    login,
    channels,
    members,
  }: Pick<Serving, 'channels'> & Pick<AmiReplayServerOptions, 'members'> & { login: boolean },
): AmiHeaderRecord[] {
  switch (action.get('Action')) {
    case 'Login':
      if (!login) return [{ Response: 'Error', Message: 'Authentication failed' }];
      return [{ Response: 'Success', Message: 'Authentication accepted' }];
    case 'CoreStatus':
      return [{ Response: 'Success', CoreStartupDate: '2026-11-20', CoreStartupTime: '23:15:28' }];
    case 'CoreShowChannels':
      return listOf('CoreShowChannels', channels.list());
    case 'QueueStatus':
      return listOf('QueueStatus', [...(members?.() ?? []), ...channels.waiting()]);
    case 'Ping':
      return [{ Response: 'Success', Ping: 'Pong' }];
    default:
      return [{ Response: 'Error', Message: 'Invalid/unknown command' }];
  }
}

const listOf = (action: string, items: readonly AmiHeaderRecord[]): AmiHeaderRecord[] => [
  { Response: 'Success', EventList: 'start' },
  ...items,
  { Event: `${action}Complete`, EventList: 'Complete', ListItems: String(items.length) },
];

function mayLogIn(action: Map<string, string>, { username, secret }: AmiReplayServerOptions): boolean {
  if (username !== undefined && username !== action.get('Username')) return false;
  return secret === undefined || secret === action.get('Secret');
}
