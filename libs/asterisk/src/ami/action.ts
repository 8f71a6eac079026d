import { amiFailure } from './failures.ts';

/** With the line's end Asterisk takes 1024 bytes (`inbuf` of manager.c); a longer line is refused or thrown away. */
const maxLineBytes = 1022;

/** Headers of an action. A list of values repeats the header (`Variable`). */
export type AmiHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * An action as bytes for the wire.
 * @throws Failure `ami_header_invalid` when a name or value would begin a line of its own: whoever controls such a
 * value (a caller's name, a CRM's answer) could send any action he likes; and when it is too long to be read.
 */
export function serializeAction(action: string, actionId: string, headers: AmiHeaders = {}): string {
  const lines = [line('Action', action), line('ActionID', actionId)];
  for (const [name, value] of Object.entries(headers)) {
    for (const single of typeof value === 'string' ? [value] : value) lines.push(line(name, single));
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function line(name: string, value: string): string {
  if (!/^[A-Za-z][\w-]*$/.test(name)) throw amiFailure('ami_header_invalid', `"${name}" is not a header name`);
  // The value is not shown: it may be a password.
  if (/[\r\n\0]/.test(value)) throw amiFailure('ami_header_invalid', `the value of ${name} holds a line break`);
  const text = `${name}: ${value}`;
  if (Buffer.byteLength(text) <= maxLineBytes) return text;
  throw amiFailure('ami_header_invalid', `the value of ${name} is too long: expected ${maxLineBytes} bytes a line`);
}
