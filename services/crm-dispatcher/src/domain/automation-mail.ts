import {
  type AutomationActionOf,
  type MailJob,
  type Placeholder,
  parseMailAddress,
  parseTemplate,
} from '@patchcord/contracts';
import { escapeHtml, renderTemplate, type Scope } from '@patchcord/expressions';

type EmailAction = AutomationActionOf<'email'>;

export interface RenderedMail extends Pick<MailJob, 'mail' | 'unsendable'> {
  /** What is missing, by names and without values. */
  readonly notes: readonly string[];
}

/** The mail of an action, or why it cannot be sent. */
export function renderMail(action: EmailAction, scope: Scope): RenderedMail {
  const notes: string[] = [];
  const texts = { scope, notes };
  const mail = {
    to: addressesOf('to', action.to, texts),
    cc: addressesOf('cc', action.cc, texts),
    bcc: addressesOf('bcc', action.bcc, texts),
    subject: filled(action.subject, texts, oneLine),
    text: filled(action.text, texts, inLink),
    ...replyToOf(action, texts),
    ...(action.html === undefined ? {} : { html: filled(action.html, texts, inHtml) }),
  };
  const nobody = mail.to.length + mail.cc.length + mail.bcc.length === 0;
  return { mail, notes, ...(nobody ? { unsendable: { parameter: 'to', message: 'nobody to send it to' } } : {}) };
}

interface Texts {
  readonly scope: Scope;
  readonly notes: string[];
}

/** Those that come to an address. A value with a comma or a line break never makes two of one. */
function addressesOf(field: string, templates: readonly string[], texts: Texts): string[] {
  return templates.flatMap((template, at) => {
    const text = filled(template, texts, (value) => value).trim();
    if (text === '') return [];
    if (parseMailAddress(text) !== undefined) return [text];
    texts.notes.push(`${field}[${at}] is left out: its value is no address`);
    return [];
  });
}

function replyToOf({ replyTo }: EmailAction, texts: Texts): { replyTo?: string } {
  const [address] = replyTo === undefined ? [] : addressesOf('replyTo', [replyTo], texts);
  return address === undefined ? {} : { replyTo: address };
}

/** How a value is written behind the text that stands before it. Undefined: it is left out. */
type Write = (value: string, before: string) => string | undefined;

function filled(template: string, { scope, notes }: Texts, write: Write): string {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return template;
  return parsed.template.parts.reduce<string>((before, part) => {
    if (typeof part === 'string') return before + part;
    const text = plainValue(part, { scope, notes });
    const inserted = text === '' ? '' : write(text, before);
    if (inserted === undefined) notes.push(`"${part.name}" is left out: its value is no address of the web`);
    return before + (inserted ?? '');
  }, '');
}

function plainValue(placeholder: Placeholder, { scope, notes }: Texts): string {
  const { text, notes: said } = renderTemplate({ parts: [placeholder] }, scope, 'none');
  notes.push(...said);
  return text;
}

const oneLine: Write = (value) => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** Whether what stands before goes on as the address of a link. */
const withinLink = (before: string): boolean => /\bhttps?:\/\/[^\s"'<>]*$/i.test(before.slice(-4096));

/** A value within a link is a part of it and cannot end it, lead elsewhere or begin a query of its own. */
const inLink: Write = (value, before) => (withinLink(before) ? encodeURIComponent(value) : value);

const opensAttribute = /\b(?:href|src|action|formaction|background)\s*=\s*["']?\s*$/i;

/** An attribute that leads somewhere leads to the web, to a mailbox or a telephone: never into a script. */
const inHtml: Write = (value, before) => {
  if (opensAttribute.test(before.slice(-256)) && !/^(?:https?:\/\/|mailto:|tel:)/i.test(value.trim())) return undefined;
  return escapeHtml(withinLink(before) ? encodeURIComponent(value) : value);
};
