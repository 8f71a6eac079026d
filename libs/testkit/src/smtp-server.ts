import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';

/** A message that the server has got whole. */
export interface ReceivedMail {
  /** Of the envelope. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Who had logged in. */
  readonly user: string | undefined;
  /** Whether it came by TLS. */
  readonly secure: boolean;
  /** The name that the client asked for in TLS. */
  readonly servername: string | undefined;
  /** As a reader sees it, by a parser of another hand than the sender. */
  readonly parsed: Email;
  readonly source: string;
}

/** `message`: after the last byte of it, so that the message is recorded whatever the client hears. */
export type SmtpStage = 'greeting' | 'login' | 'sender' | 'recipient' | 'message';

/** What the server does instead of going on. */
export interface SmtpBehaviour {
  readonly at: SmtpStage;
  /** A reply such as 451 or 550, no answer at all, or the end of the connection. */
  readonly answer: number | 'hang' | 'close';
  /** Only for these recipients. Default: all. */
  readonly recipients?: readonly string[];
  /** How often. Default: always. */
  readonly times?: number;
}

export interface SmtpServerOptions {
  /** Passwords by name. With them nobody sends without logging in; without them nobody logs in. */
  readonly users?: Readonly<Record<string, string>>;
  /** PEM. Without it there is no TLS. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string };
  /** TLS from the first byte instead of STARTTLS. */
  readonly implicitTls?: boolean;
  readonly behaviour?: SmtpBehaviour;
  /** Bytes. Default: none that is told. */
  readonly maxSize?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly messages: readonly ReceivedMail[];
  /** Connections taken so far. */
  connections(): number;
  /** Connections that are open now. */
  open(): number;
  /** From now on; undefined: as servers do. */
  behave(behaviour: SmtpBehaviour | undefined): void;
  close(): Promise<void>;
}

interface State {
  readonly messages: ReceivedMail[];
  /** By the port of the client. */
  readonly sockets: Map<number, Socket>;
  behaviour: SmtpBehaviour | undefined;
  done: number;
}

/** A real SMTP server in this process, that can be told to refuse, to hang and to break off. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  const state: State = { messages: [], sockets: new Map(), behaviour: options.behaviour, done: 0 };
  const smtp = new SMTPServer(serverOptions(options, state));
  let taken = 0;
  smtp.on('error', () => {});
  smtp.server.on('connection', (socket: Socket) => {
    taken += 1;
    keep(state, socket);
  });
  await new Promise<void>((resolve) => smtp.listen(port, host, resolve));
  return {
    host,
    port: (smtp.server.address() as AddressInfo).port,
    messages: state.messages,
    connections: () => taken,
    open: () => state.sockets.size,
    behave: (behaviour) => Object.assign(state, { behaviour, done: 0 }),
    close: async () => {
      const closed = new Promise<void>((resolve) => smtp.close(resolve));
      for (const socket of state.sockets.values()) socket.destroy();
      await closed;
    },
  };
}

function serverOptions(options: SmtpServerOptions, state: State): SMTPServerOptions {
  const { users, tls, implicitTls = false, maxSize } = options;
  const missing = [...(tls === undefined || implicitTls ? ['STARTTLS'] : []), ...(users === undefined ? ['AUTH'] : [])];
  return {
    ...(tls === undefined ? {} : { cert: tls.certificate, key: tls.privateKey }),
    ...(maxSize === undefined ? {} : { size: maxSize }),
    secure: implicitTls,
    disabledCommands: missing,
    allowInsecureAuth: true,
    authOptional: users === undefined,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    closeTimeout: 100,
    onConnect: (session, done) => step(state, session, 'greeting', done),
    // From here on the plain socket says nothing any more.
    onSecure: (socket, _session, done) => {
      keep(state, socket);
      done();
    },
    onAuth: ({ username = '', password }, session, done) =>
      step(state, session, 'login', (error) => {
        if (error !== undefined) return done(error);
        const known = typeof password === 'string' && users?.[username] === password;
        done(known ? null : refusal(535), known ? { user: username } : undefined);
      }),
    onMailFrom: (_address, session, done) => step(state, session, 'sender', done),
    onRcptTo: ({ address }, session, done) =>
      concerns(state, [address]) ? step(state, session, 'recipient', done) : done(),
    onData: (stream, session, done) => void take({ stream, session, state, done }),
  };
}

function keep({ sockets }: State, socket: Socket): void {
  const { remotePort = 0 } = socket;
  sockets.set(remotePort, socket);
  socket.once('close', () => {
    if (sockets.get(remotePort) === socket) sockets.delete(remotePort);
  });
}

const concerns = ({ behaviour }: State, addresses: readonly string[]): boolean =>
  behaviour?.recipients === undefined || addresses.some((address) => behaviour.recipients?.includes(address));

/** Goes on, or does what the server is told to do here. */
function step(state: State, session: SMTPServerSession, at: SmtpStage, goOn: (error?: Error) => void): void {
  const { behaviour } = state;
  if (behaviour?.at !== at || state.done >= (behaviour.times ?? Number.POSITIVE_INFINITY)) {
    goOn();
    return;
  }
  state.done += 1;
  if (behaviour.answer === 'close') state.sockets.get(session.remotePort)?.destroy();
  else if (behaviour.answer !== 'hang') goOn(refusal(behaviour.answer));
}

/** Quotes what it refuses, as servers do. */
const refusal = (responseCode: number): Error =>
  Object.assign(new Error('<somebody@example.com> is not welcome'), { responseCode });

interface Transfer {
  readonly stream: SMTPServerDataStream;
  readonly session: SMTPServerSession;
  readonly state: State;
  readonly done: (error?: Error) => void;
}

async function take({ stream, session, state, done }: Transfer): Promise<void> {
  try {
    await receive(stream, session, state);
  } catch (error) {
    done(error as Error);
    return;
  }
  step(state, session, 'message', done);
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, { messages }: State): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const source = Buffer.concat(chunks);
  if (stream.sizeExceeded) throw refusal(552);
  const { mailFrom, rcptTo } = session.envelope;
  messages.push({
    sender: mailFrom === false ? '' : mailFrom.address,
    recipients: rcptTo.map(({ address }: SMTPServerAddress) => address),
    user: typeof session.user === 'string' ? session.user : undefined,
    secure: session.secure,
    servername: typeof session.servername === 'string' ? session.servername : undefined,
    parsed: await PostalMime.parse(source),
    source: source.toString('utf8'),
  });
}
