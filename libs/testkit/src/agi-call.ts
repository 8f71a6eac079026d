import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface AgiCallOptions {
  readonly port: number;
  readonly host?: string;
  /** Path and query of `AGI(agi://host/...)`. */
  readonly script?: string;
  readonly args?: readonly string[];
  /** `agi_*` lines that differ from those of an ordinary call. */
  readonly request?: Readonly<Record<string, string>>;
  /** Channel variables at the beginning. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the caller enters at each `GET DATA`, in order. `1234#`: ended by him; `12`: then nothing; `hangup`. */
  readonly digits?: readonly string[];
  /** What he presses at each `WAIT FOR DIGIT`, in order: one key; empty: nothing in time; `hangup`. */
  readonly keys?: readonly string[];
  /** Recordings that the PBX does not have. */
  readonly missing?: readonly string[];
  /** Told of each command before it is answered; the caller hears it until this resolves. */
  readonly on?: (command: string) => Promise<void> | void;
}

/** What a dialplan finds when the `AGI()` is over. */
export interface AgiCallResult {
  readonly variables: ReadonlyMap<string, string>;
  /** Every command as it came. */
  readonly commands: readonly string[];
}

/** One connection of an Asterisk to a FastAGI server, with nobody who answers. */
export interface AgiPeer {
  readonly socket: Socket;
  /** Sends a line as it is. */
  say(line: string): void;
  /** The next command; undefined when the server closed. */
  next(): Promise<string | undefined>;
  /** Commands that came and were not taken yet. */
  waiting(): number;
}

/** Connects and sends the request as Asterisk 22 does, with the lines that a server reads. */
export async function openAgi(options: AgiCallOptions): Promise<AgiPeer> {
  const socket = connect(options.port, options.host ?? '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const commands: string[] = [];
  let ended = false;
  let wake = (): void => undefined;
  let unread = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${unread}${text}`.split('\n');
    unread = lines.pop() ?? '';
    commands.push(...lines);
    wake();
  });
  socket.on('close', () => {
    ended = true;
    wake();
  });
  socket.write(requestOf(options));
  return {
    socket,
    say: (line) => void socket.write(`${line}\n`),
    waiting: () => commands.length,
    async next() {
      while (commands.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      return commands.shift();
    },
  };
}

function requestOf({ script = '', args = [], request = {} }: AgiCallOptions): string {
  const lines = {
    agi_network: 'yes',
    agi_network_script: script,
    agi_request: `agi://127.0.0.1/${script}`,
    agi_channel: 'PJSIP/carrier-00000001',
    agi_language: 'en',
    agi_type: 'PJSIP',
    agi_uniqueid: '1795218080.1608',
    agi_version: '22.10.1',
    agi_callerid: '+14155550123',
    agi_calleridname: 'Test Caller',
    agi_dnid: '+12025550101',
    agi_rdnis: 'unknown',
    agi_context: 'from-pstn',
    agi_extension: '+12025550101',
    agi_priority: '7',
    agi_enhanced: '0.0',
    agi_accountcode: '',
    agi_threadid: '140025',
    ...Object.fromEntries(args.map((arg, index) => [`agi_arg_${index + 1}`, arg])),
    ...request,
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`;
}

/** Plays Asterisk and a caller to a FastAGI server, to the end of the session. */
export async function callFastAgi(options: AgiCallOptions): Promise<AgiCallResult> {
  const peer = await openAgi(options);
  const variables = new Map(Object.entries(options.variables ?? {}));
  const caller = {
    variables,
    digits: [...(options.digits ?? [])],
    keys: [...(options.keys ?? [])],
    missing: options.missing ?? [],
  };
  const commands: string[] = [];
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    commands.push(line);
    await options.on?.(line);
    for (const answer of answersTo(wordsOf(line), caller)) peer.say(answer);
  }
  peer.socket.destroy();
  return { variables, commands };
}

/** As `parse_args` of res_agi.c: words, with quotes and backslashes. */
function wordsOf(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word));
}

interface Caller {
  readonly variables: Map<string, string>;
  readonly digits: string[];
  readonly keys: string[];
  readonly missing: readonly string[];
}

function answersTo(words: readonly string[], { variables, digits, keys, missing }: Caller): string[] {
  const [first = '', second = '', third = '', fourth = ''] = words;
  switch (`${first} ${second}`.toUpperCase()) {
    case 'GET VARIABLE': {
      const value = variables.get(third);
      return [value === undefined ? '200 result=0' : `200 result=1 (${value})`];
    }
    case 'SET VARIABLE':
      variables.set(third, fourth);
      return ['200 result=1'];
    case 'GET DATA':
      return digitsAnswer(digits.shift() ?? '', Number(words[4] ?? '1024'));
    case 'STREAM FILE':
      return [missing.includes(third) ? '200 result=-1 endpos=0' : '200 result=0 endpos=4480'];
    case 'WAIT FOR':
      return keyAnswer(keys.shift() ?? '');
    case 'EXEC MSET':
      for (const each of third.split(',')) variables.set(...pairOf(each));
      return ['200 result=0'];
    default:
      return /^(ANSWER|NOOP|EXEC|HANGUP|VERBOSE)$/i.test(first) ? ['200 result=0'] : ['510 Invalid or unknown command'];
  }
}

function pairOf(assignment: string): [name: string, value: string] {
  const at = assignment.indexOf('=');
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}

const keyAnswer = (key: string): string[] =>
  key === 'hangup' ? ['200 result=-1', 'HANGUP'] : [`200 result=${key === '' ? 0 : key.charCodeAt(0)}`];

function digitsAnswer(entered: string, most: number): string[] {
  if (entered === 'hangup') return ['200 result=-1', 'HANGUP'];
  const digits = entered.replace('#', '').slice(0, most);
  const complete = entered.endsWith('#') || digits.length === most;
  return [complete ? `200 result=${digits}` : `200 result=${digits} (timeout)`];
}
