import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createAmiParser } from '../../src/ami/parser.ts';
import { type AmiMessage, field } from '../../src/message.ts';

/** One client's connection, as the PBX sees it. */
export interface PbxConnection {
  /** 1 for the first connection since the start. */
  readonly number: number;
  readonly socket: Socket;
  readonly actions: AmiMessage[];
  /** Bytes as they are, cut into chunks of this many. */
  send(bytes: string | Buffer, chunk?: number): void;
  reply(action: AmiMessage, lines: readonly string[]): void;
  /** A list: response, items, Complete. */
  list(action: AmiMessage, items: readonly (readonly string[])[]): void;
  event(lines: readonly string[]): void;
}

export interface PbxScript {
  readonly onConnect?: (connection: PbxConnection) => void;
  readonly onAction?: (action: AmiMessage, connection: PbxConnection) => void;
}

export interface ScriptedPbx {
  readonly host: string;
  readonly port: number;
  readonly connections: PbxConnection[];
  script: PbxScript;
  /** Closes the listener and every connection; `listen` opens the same port again. */
  down(): Promise<void>;
  listen(): Promise<void>;
}

export const banner = 'Asterisk Call Manager/11.0.0\r\n';

/** A TCP server that speaks AMI as the script says. */
export async function startPbx(script: PbxScript = {}, tls?: TlsOptions): Promise<ScriptedPbx> {
  const connections: PbxConnection[] = [];
  const accept = (socket: Socket): void => {
    const connection = createConnection(socket, connections.length + 1);
    connections.push(connection);
    (pbx.script.onConnect ?? greet)(connection);
    const parser = createAmiParser();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const action of parser.push(Buffer.from(chunk))) {
        connection.actions.push(action);
        (pbx.script.onAction ?? answer())(action, connection);
      }
    });
  };
  let server: Server | undefined;
  let port = 0;
  const pbx: ScriptedPbx = {
    host: '127.0.0.1',
    get port() {
      return port;
    },
    connections,
    script,
    async listen() {
      const fresh = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
      await new Promise<void>((resolve) => fresh.listen(port, '127.0.0.1', resolve));
      server = fresh;
      const address = fresh.address();
      if (address !== null && typeof address === 'object') port = address.port;
    },
    async down() {
      for (const { socket } of connections) socket.destroy();
      await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
      server = undefined;
    },
  };
  await pbx.listen();
  return pbx;
}

const block = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const greet = (connection: PbxConnection): void => connection.send(banner);

function createConnection(socket: Socket, number: number): PbxConnection {
  const send = (bytes: string | Buffer, chunk?: number): void => {
    const buffer = Buffer.from(bytes);
    for (let at = 0; at < buffer.length; at += chunk ?? buffer.length) {
      socket.write(buffer.subarray(at, at + (chunk ?? buffer.length)));
    }
  };
  const withId = (action: AmiMessage, lines: readonly string[]): string =>
    block([...lines, `ActionID: ${field(action, 'ActionID')}`]);
  return {
    number,
    socket,
    actions: [],
    send,
    event: (lines) => send(block(lines)),
    reply: (action, lines) => send(withId(action, lines)),
    list(action, items) {
      send(withId(action, ['Response: Success', 'EventList: start']));
      for (const item of items) send(withId(action, item));
      send(withId(action, [`Event: ${field(action, 'Action')}Complete`, 'EventList: Complete']));
    },
  };
}

export interface PbxState {
  /** `CoreStatus` start time; another one is another process. */
  readonly startedAs?: string;
  readonly booted?: boolean;
  readonly uptimeS?: number;
  readonly channels?: readonly (readonly string[])[];
  readonly queues?: readonly (readonly string[])[];
  /** Actions this user may not use. */
  readonly denied?: readonly string[];
  /** After the login was accepted. */
  readonly onLogin?: (connection: PbxConnection) => void;
}

/** How a healthy Asterisk answers. */
export function answer(state: PbxState = {}): (action: AmiMessage, connection: PbxConnection) => void {
  const lists: Record<string, readonly (readonly string[])[]> = {
    CoreShowChannels: state.channels ?? [],
    QueueStatus: state.queues ?? [],
  };
  return (action, connection) => {
    const name = field(action, 'Action') ?? '';
    if (state.denied?.includes(name)) connection.reply(action, ['Response: Error', 'Message: Permission denied']);
    else if (name === 'Login') {
      connection.reply(action, ['Response: Success', 'Message: Authentication accepted']);
      if (state.booted ?? true) connection.event(['Event: FullyBooted', `Uptime: ${state.uptimeS ?? 777}`]);
      state.onLogin?.(connection);
    } else if (name === 'CoreStatus') {
      const time = state.startedAs ?? '23:15:28';
      connection.reply(action, ['Response: Success', 'CoreStartupDate: 2026-11-20', `CoreStartupTime: ${time}`]);
    } else if (name in lists) connection.list(action, lists[name] ?? []);
    else connection.reply(action, ['Response: Success']);
  };
}
