import { createHash } from 'node:crypto';
import { Failure, type MailAddress, type MailServer, parseMailAddress } from '@patchcord/contracts';
import MailComposer from 'nodemailer/lib/mail-composer';
import { headerNamePattern } from '../request-check.ts';
import type { Mail } from './mail.ts';

/** A message ready to be sent. */
export interface ComposedMail {
  /** `<…@…>`. */
  readonly messageId: string;
  readonly sender: string;
  /** All recipients by address, each with the first field that names it. */
  readonly recipients: ReadonlyMap<string, string>;
  readonly source: Buffer;
}

/** Set from the message's own fields, or by those who pass it on. */
const reserved =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|return-path|received|dkim-signature|resent-.*|delivered-to)$/i;

const refuse = (code: string, message: string): Failure => new Failure('permanent', code, message);

/** Builds a message. Throws `Failure` permanent that names the field, never what stands in it. */
export async function composeMail(mail: Mail, server: MailServer): Promise<ComposedMail> {
  const from = mailboxAt('from', mail.from ?? server.from);
  const [to, cc, bcc] = [mailboxes('to', mail.to), mailboxes('cc', mail.cc), mailboxes('bcc', mail.bcc)];
  const recipients = firstFields([...to, ...cc, ...bcc]);
  if (recipients.size === 0) throw refuse('mail_without_recipient', 'expected at least one recipient in to, cc or bcc');
  const messageId = messageIdOf(mail.messageId, from.address);
  const composer = new MailComposer({
    from: shown(from),
    to: to.map(({ mailbox }) => shown(mailbox)),
    cc: cc.map(({ mailbox }) => shown(mailbox)),
    ...(mail.replyTo === undefined ? {} : { replyTo: shown(mailboxAt('replyTo', mail.replyTo)) }),
    subject: oneLine(mail.subject),
    // Nothing but a string: an object could name a file or a URL to read the text from.
    text: mail.html === undefined ? `${mail.text ?? ''}` : mail.text,
    html: mail.html,
    messageId,
    headers: { 'Auto-Submitted': 'auto-generated', ...checkedHeaders(mail.headers ?? {}) },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, sender: from.address, recipients, source: await composer.compile().build() };
}

interface Placed {
  readonly field: string;
  readonly mailbox: MailAddress;
}

const mailboxes = (field: string, texts: readonly string[] = []): Placed[] =>
  texts.map((text, at) => ({ field: `${field}[${at}]`, mailbox: mailboxAt(`${field}[${at}]`, text) }));

function mailboxAt(field: string, text: string): MailAddress {
  const mailbox = parseMailAddress(text);
  if (mailbox !== undefined) return mailbox;
  throw refuse('mail_address_invalid', `${field} is not an address: expected one like "ana@example.com"`);
}

const shown = ({ name = '', address }: MailAddress) => ({ name, address });

function firstFields(placed: readonly Placed[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { field, mailbox } of placed) {
    if (!fields.has(mailbox.address)) fields.set(mailbox.address, field);
  }
  return fields;
}

/** The left side is the id itself where that is possible, else its hash; the right one is the sender's domain. */
function messageIdOf(id: string, sender: string): string {
  const left = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(id) && id.length <= 200 ? id : hashOf(id);
  return `<${left}@${sender.slice(sender.lastIndexOf('@') + 1)}>`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A subject comes from templates: line breaks in a value must not cost the message. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

function checkedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!headerNamePattern.test(name)) throw refuse('mail_header_invalid', `${JSON.stringify(name)} is no header name`);
    if (reserved.test(name)) throw refuse('mail_header_invalid', `the header ${name} cannot be set`);
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
      throw refuse('mail_header_invalid', `the value of the header ${name} has control characters`);
    }
  }
  return headers;
}
