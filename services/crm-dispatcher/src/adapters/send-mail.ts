import { asFailure, destinationKey, type MailJob, type MailServer } from '@patchcord/contracts';
import type { Mailer } from '@patchcord/egress';
import type { Logger } from '@patchcord/runtime';
import type { SendOutcome } from '../domain/send-outcome.ts';

export interface SendMailOptions {
  readonly mailer: Pick<Mailer, 'send'>;
  readonly secret: (tenantId: string, id: string) => Promise<string>;
  readonly log: Logger;
}

/** Sends a mail by its server, once. */
export type SendMail = (job: MailJob, server: MailServer) => Promise<SendOutcome>;

export function createSendMail({ mailer, secret, log }: SendMailOptions): SendMail {
  return async ({ workId, tenantId, destination, mail }, server) => {
    const startedAt = performance.now();
    let password: string | undefined;
    try {
      password = server.password === undefined ? undefined : await secret(tenantId, server.password);
    } catch (error) {
      return { ok: false, failure: asFailure(error), durationMs: performance.now() - startedAt };
    }
    const outcome = await mailer.send({ ...mail, messageId: `${tenantId}.${workId}` }, { server, password });
    if (!outcome.ok) return outcome;
    const { refused, durationMs } = outcome;
    const about = { tenantId, workId, destination: destinationKey(destination), refused };
    if (refused.length > 0) log.warn(about, 'the mail server did not take all recipients');
    return { ok: true, durationMs };
  };
}
