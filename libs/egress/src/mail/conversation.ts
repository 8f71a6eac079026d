import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { Failure, type MailServer } from '@patchcord/contracts';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { classifySmtp, recipientCode } from './classify-smtp.ts';
import type { ComposedMail } from './compose.ts';
import type { RefusedRecipient } from './mail.ts';

export interface ConversationTerms {
  readonly server: MailServer;
  readonly password: string | undefined;
  readonly socket: Socket;
  /** Not for `security: none`. */
  readonly secureContext: SecureContext | undefined;
}

interface Taken {
  readonly accepted: number;
  readonly refused: readonly RefusedRecipient[];
}

/** One conversation with a server, for one message. */
export interface Conversation {
  /** Throws `Failure`. May be pending for ever after `end`. */
  send(mail: ComposedMail): Promise<Taken>;
  /** Whether the whole message was handed to the connection, so that it may have arrived whatever is heard later. */
  mayHaveArrived(): boolean;
  /** Takes leave, or breaks off. */
  end(politely: boolean): void;
}

/** How long the server may take to say good-bye (ms). */
const farewellMs = 1000;
const pieceBytes = 64 * 1024;

export function startConversation(terms: ConversationTerms): Conversation {
  const { server, socket } = terms;
  const smtp = new SMTPConnection(connectionOptions(terms));
  const failed = new Promise<never>((_resolve, reject) => {
    smtp.on('error', reject);
    onTooMuchHeard(socket, reject);
  });
  failed.catch(() => {});
  let written = false;

  const talk = async (mail: ComposedMail): Promise<Taken> => {
    await answered<void>((done) => smtp.connect(done));
    await logIn(smtp, server, terms.password);
    const source = Readable.from(pieces(mail.source), { objectMode: false }).once('end', () => {
      written = true;
    });
    const envelope = { from: mail.sender, to: [...mail.recipients.keys()], size: mail.source.length };
    return takenOf(await answered<SMTPInfo>((done) => smtp.send(envelope, source, done)), mail);
  };
  return {
    send: (mail) =>
      Promise.race([failed, talk(mail)]).catch((error: unknown) => {
        throw error instanceof Failure ? error : classifySmtp(error);
      }),
    mayHaveArrived: () => written,
    end: (politely) => {
      if (politely) {
        smtp.quit();
        setTimeout(() => socket.destroy(), farewellMs).unref();
      } else {
        smtp.close();
        socket.destroy();
      }
    },
  };
}

/** Most that a server may say in one conversation (bytes), and how often it is looked at (ms). */
const mostHeardBytes = 1024 * 1024;
const lookEveryMs = 20;

/** Answers that nobody asked for are kept until somebody does: a server could fill our memory with them. */
function onTooMuchHeard(socket: Socket, refuse: (failure: Failure) => void): void {
  const timer = setInterval(() => {
    if (socket.bytesRead <= mostHeardBytes) return;
    refuse(new Failure('transient', 'protocol_error', `the server said more than ${mostHeardBytes} bytes`));
    socket.destroy();
  }, lookEveryMs);
  socket.once('close', () => clearInterval(timer));
}

/** In pieces, so that the end of it is read only when the connection has taken what came before. */
function* pieces(source: Buffer): Generator<Buffer> {
  for (let at = 0; at < source.length; at += pieceBytes) yield source.subarray(at, at + pieceBytes);
}

interface SMTPInfo {
  readonly accepted: readonly string[];
  readonly rejectedErrors?: readonly { readonly recipient?: unknown }[] | undefined;
}

type Answer<T> = (error?: Error | null, value?: T) => void;

const answered = <T>(ask: (done: Answer<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value as T)));
  });

function connectionOptions({ server, socket, secureContext }: ConversationTerms) {
  // The deadline of the whole is ours; these stand behind it.
  const patience = server.timeoutMs + farewellMs;
  return {
    host: server.host,
    port: server.port,
    connection: socket,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    socketCloseTimeout: farewellMs,
    maxResponseSize: 64 * 1024,
    ...(secureContext === undefined ? {} : { tls: { secureContext, rejectUnauthorized: server.tls.verify } }),
  };
}

async function logIn(smtp: SMTPConnection, { username }: MailServer, password: string | undefined): Promise<void> {
  if (username === undefined) return;
  if (password === undefined || password === '') {
    throw new Failure('permanent', 'secret_missing', 'the password of the mail server is not set');
  }
  if (!smtp.allowsAuth) {
    throw new Failure('permanent', 'mail_login_impossible', 'the server offers no login: remove username and password');
  }
  await answered((done) => smtp.login({ user: username, credentials: { user: username, pass: password } }, done));
}

function takenOf({ accepted, rejectedErrors = [] }: SMTPInfo, { recipients }: ComposedMail): Taken {
  const refused = rejectedErrors.map((error) => ({
    field: recipients.get(String(error.recipient)) ?? 'to',
    code: recipientCode(error),
  }));
  return { accepted: accepted.length, refused };
}
