import { type AmiMessage, field } from '../message.ts';

/** A header that says something: AMI writes `<unknown>` or nothing for what it does not know. */
export function known(message: AmiMessage, name: string): string | undefined {
  const value = field(message, name);
  return value === undefined || value === '' || value === '<unknown>' ? undefined : value;
}

/** Extensions that are places in a dialplan (`s`, `h`, `i`, `t`, `failed`), not numbers that somebody dialled. */
const places: ReadonlySet<string> = new Set(['s', 'h', 'i', 't', 'T', 'e', 'o', 'a', 'failed', 'fax']);

export function dialledNumber(exten: string | undefined): string | undefined {
  return exten === undefined || places.has(exten) ? undefined : exten.slice(0, 128);
}
