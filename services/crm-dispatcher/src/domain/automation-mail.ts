import {
  type AutomationActionOf,
  type MailJob,
  type Placeholder,
  parseMailAddress,
  parseTemplate,
} from '@patchcord/contracts';
import { escapeHtml, renderTemplate, type Scope } from '@patchcord/expressions';
import { createPlace, type Place } from './mail-place.ts';

type EmailAction = AutomationActionOf<'email'>;

export interface RenderedMail extends Pick<MailJob, 'mail' | 'unsendable'> {
  /** What is missing, by names and without values. */
  readonly notes: readonly string[];
}

/** The mail of an action, or why it cannot be sent. */
export function renderMail(action: EmailAction, scope: Scope): RenderedMail {
  const notes: string[] = [];
  const texts = { scope, notes, room: { characters: maxInsertedCharacters } };
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
  /** How much of values the mail still has room for. */
  readonly room: { characters: number };
}

/** Most that all values of one mail may come to, as they are written (characters). */
const maxInsertedCharacters = 262_144;

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

/** How a value is written at the place where it stands. Undefined: it is left out. */
type Write = (value: string, place: Place) => string | undefined;

function filled(template: string, texts: Texts, write: Write): string {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return template;
  const place = createPlace();
  return parsed.template.parts
    .map((part) => {
      const text = typeof part === 'string' ? part : insertedAt(place, part, texts, write);
      place.pass(text);
      return text;
    })
    .join('');
}

function insertedAt(place: Place, placeholder: Placeholder, { scope, notes, room }: Texts, write: Write): string {
  const { name } = placeholder;
  const { text, notes: said } = renderTemplate({ parts: [placeholder] }, scope, 'none');
  notes.push(...said);
  if (text === '') return '';
  const inserted = text.length > room.characters ? text : write(text, place);
  if (inserted === undefined) notes.push(`"${name}" is left out: its value is no address of the web`);
  if (inserted === undefined) return '';
  room.characters -= inserted.length;
  if (room.characters >= 0) return inserted;
  notes.push(`"${name}" is left out: the values are longer than ${maxInsertedCharacters} characters`);
  return '';
}

const oneLine: Write = (value) => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** A value within a link is a part of it and cannot end it, lead elsewhere or begin a query of its own. */
const inLink: Write = (value, place) => (place.isInLink() ? encodeURIComponent(value) : value);

const opensAttribute = /\b(?:href|src|action|formaction|background)\s*=\s*["']?\s*$/i;
const isUnquoted = /<[a-z][^<>]*=\s*[^\s"'<>]*$/i;

/** An attribute that leads somewhere leads to the web, to a mailbox or a telephone: never into a script. */
const inHtml: Write = (value, place) => {
  if (place.isInLink()) return encodeURIComponent(value);
  const before = place.before();
  const isLink = opensAttribute.test(before);
  if (isLink && !/^(?:https?:\/\/|mailto:|tel:)/i.test(value.trim())) return undefined;
  // A blank ends an attribute without quotes, and begins another one.
  const whole = isLink || isUnquoted.test(before);
  return escapeHtml(whole ? value.trim().replaceAll(/[\s\p{Cc}]/gu, encodeURIComponent) : value);
};
