import { inspect } from 'node:util';
import { type MailServer, mailServer } from '@patchcord/contracts';
import { type SmtpServer, type SmtpServerOptions, startSmtpServer } from '@patchcord/testkit/smtp-server';
import type { z } from 'zod';
import {
  createMailer,
  type Mail,
  type Mailer,
  type MailerOptions,
  type MailOutcome,
  type MailVia,
} from '../../src/index.ts';
import { type Certificates, makeCertificates } from '../certificates.ts';

type Settings = Partial<Omit<z.input<typeof mailServer>, 'tls'>> & { readonly tls?: MailServer['tls'] | undefined };

export const onLoopback = { allowPlain: true, allowCidrs: ['127.0.0.0/8'] };

/** A mail server's settings; by default in clear on this machine. */
export const settings = (port: number, more: Settings = {}): MailServer =>
  mailServer.parse({
    id: 'orders',
    name: 'Orders',
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'Orders <orders@shop.example>',
    timeoutMs: 5000,
    egress: onLoopback,
    ...more,
  });

export const aMail = (more: Partial<Mail> = {}): Mail => ({
  to: ['Ana <ana@example.com>'],
  subject: 'Your order',
  text: 'It is on its way.',
  messageId: 'w-1',
  ...more,
});

/** Class and code of a failure, or how many took it. */
export const verdict = (outcome: MailOutcome): string =>
  outcome.ok ? `taken ${outcome.accepted}` : `${outcome.failure.class} ${outcome.failure.code}`;

/** All that an outcome tells, for looking into what it must not. */
export function told(outcome: MailOutcome): string {
  if (outcome.ok) return JSON.stringify(outcome);
  const { failure } = outcome;
  return JSON.stringify([failure.toData(), failure.message, inspect(failure.cause, { depth: 10, showHidden: true })]);
}

export interface MailFixture {
  readonly mailer: Mailer;
  server(options?: SmtpServerOptions): Promise<SmtpServer>;
  /** Sends to the last server that was started. */
  send(mail?: Partial<Mail>, more?: Settings, via?: Partial<MailVia>): Promise<MailOutcome>;
  stop(): Promise<void>;
}

export function mailFixture(options: MailerOptions = {}): MailFixture {
  const mailer = createMailer(options);
  const servers: SmtpServer[] = [];
  return {
    mailer,
    server: async (serverOptions) => {
      const server = await startSmtpServer(serverOptions);
      servers.push(server);
      return server;
    },
    send: (mail, more, via) => mailer.send(aMail(mail), { server: settings(servers.at(-1)?.port ?? 1, more), ...via }),
    stop: async () => {
      mailer.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

let made: Promise<Certificates> | undefined;
/** One set for all tests of a file: keys take a while. */
export const certificates = (): Promise<Certificates> => (made ??= makeCertificates());
