import { Failure } from '@patchcord/contracts';
import type { Resolve } from '../address-guard.ts';
import { classifyError } from '../classify-error.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { composeMail } from './compose.ts';
import { type Conversation, startConversation } from './conversation.ts';
import { guardedSocket } from './guarded-socket.ts';
import type { Mail, MailOutcome, MailSent, MailVia } from './mail.ts';
import { createSecureContexts, type SecureContexts } from './secure-contexts.ts';
import { inMailSpan } from './span.ts';

export interface MailerOptions {
  /** Outside of these ranges no mail server can allow an address that is not public. Default: they may allow any. */
  readonly allowedCidrs?: readonly string[] | undefined;
  /** Root certificates trusted beside the public ones (PEM). */
  readonly ca?: string | undefined;
  /** For tests: what finds the addresses of names. */
  readonly resolve?: Resolve | undefined;
}

/** The one way by which mail leaves us. Never throws: whatever goes wrong is an outcome, already classified. */
export interface Mailer {
  /** One connection for one message. */
  send(mail: Mail, via: MailVia): Promise<MailOutcome>;
  /** Breaks all connections; messages under way end as own trouble. */
  close(): void;
}

export function createMailer(options: MailerOptions = {}): Mailer {
  const closing = new AbortController();
  const means: Means = { ...options, contexts: createSecureContexts(options.ca), closing: closing.signal };
  return {
    send: (mail, via) => inMailSpan(via.server, () => send(mail, via, means)),
    close: () => closing.abort(),
  };
}

interface Means extends MailerOptions {
  readonly contexts: SecureContexts;
  readonly closing: AbortSignal;
}

async function send(mail: Mail, via: MailVia, means: Means): Promise<MailOutcome> {
  const startedAt = performance.now();
  const durationMs = (): number => performance.now() - startedAt;
  const deadline = startDeadline({ timeoutMs: via.server.timeoutMs, signals: [via.signal, means.closing] });
  const attempt: Attempt = { deadline, conversation: undefined };
  try {
    const sent = await Promise.race([deliver(mail, { via, means, attempt }), deadline.over]);
    attempt.conversation?.end(true);
    return { ...sent, durationMs: durationMs() };
  } catch (error) {
    attempt.conversation?.end(false);
    return { ok: false, failure: failureOf(error, attempt), durationMs: durationMs() };
  } finally {
    deadline.clear();
  }
}

interface Attempt {
  readonly deadline: Deadline;
  conversation: Conversation | undefined;
}

interface Delivery {
  readonly via: MailVia;
  readonly means: Means;
  readonly attempt: Attempt;
}

async function deliver(mail: Mail, { via, means, attempt }: Delivery): Promise<Omit<MailSent, 'durationMs'>> {
  const { server, password } = via;
  if (server.security === 'none' && !server.egress.allowPlain) {
    throw new Failure('permanent', 'plain_refused', 'mail in clear is not allowed for this server');
  }
  const composed = await composeMail(mail, server);
  const secureContext = means.contexts(server);
  const { signal } = attempt.deadline;
  const { allowedCidrs, resolve } = means;
  const socket = await guardedSocket({ server, allowedCidrs, resolve, signal }).catch((error: unknown) => {
    throw classifyError(error);
  });
  const conversation = startConversation({ server, password, socket, secureContext });
  attempt.conversation = conversation;
  return { ok: true, messageId: composed.messageId, ...(await conversation.send(composed)) };
}

/** After the last byte only an answer tells what became of the message. */
function failureOf(error: unknown, { deadline, conversation }: Attempt): Failure {
  const ended = deadline.failure();
  const failure = ended ?? (error instanceof Failure ? error : defect(error));
  const answered = failure.code.startsWith('smtp_');
  if (failure.class !== 'transient' || answered || conversation?.mayHaveArrived() !== true) return failure;
  return new Failure('transient', 'mail_unconfirmed', 'the message was sent, but no answer says whether it was taken');
}

/** What was thrown may quote the message; where it was thrown does not. */
function defect(error: unknown): Failure {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line)) : [];
  return new Failure('defect', 'mail_defect', 'the message could not be built or sent', { cause: frames.join('\n') });
}
