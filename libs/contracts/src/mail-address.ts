import { z } from 'zod';

/** A mailbox, taken apart. */
export interface MailAddress {
  /** What people see beside the address. */
  readonly name?: string;
  /** `local@domain`, the domain in ASCII. */
  readonly address: string;
}

const maxText = 512;
/** A dot-atom (RFC 5322, 3.2.3) of ASCII. Quoted local parts are valid, but nobody has one. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
/** Control characters, and those that end lines elsewhere than in ASCII or turn the direction of writing. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * One mailbox: `ana@example.com`, `Ana <ana@example.com>` or `"Orders, Ltd" <orders@example.com>`. Undefined for all
 * else: several addresses, groups, comments, and whatever could end a header.
 */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (text.length > maxText || unprintable.test(text)) return undefined;
  const trimmed = text.trim();
  const [, name, inner] = /^([^<>]*)<([^<>]*)>$/.exec(trimmed) ?? [undefined, '', trimmed];
  const address = mailboxOf(inner ?? '');
  const shown = shownName((name ?? '').trim());
  if (address === undefined || shown === undefined) return undefined;
  return shown === '' ? { address } : { name: shown, address };
}

function mailboxOf(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (local.length > 64 || !localPart.test(local)) return undefined;
  const domain = asciiDomain(text.slice(at + 1));
  return domain === undefined ? undefined : `${local}@${domain}`;
}

function asciiDomain(text: string): string | undefined {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return undefined;
  const domain = URL.parse(`http://${text}/`)?.hostname ?? '';
  // One that ends with a number is an IP address, maybe in disguise.
  return domainName.test(domain) && !/(^|\.)\d+$/.test(domain) ? domain : undefined;
}

function shownName(text: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/u.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/gu, '$1');
  // Outside of quotes these say something about addresses: a list, a group, a comment.
  return /[",;:@()[\]\\]/.test(text) ? undefined : text;
}

/** The text of one mailbox. */
export const mailAddress = z
  .string()
  .max(maxText)
  .refine((text) => parseMailAddress(text) !== undefined, 'expected an address like "Orders <orders@example.com>"');
