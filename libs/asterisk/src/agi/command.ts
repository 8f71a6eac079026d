import { agiFailure } from './failures.ts';

/**
 * Asterisk reads a command into 2048 bytes (`AGI_BUF_LEN` of res_agi.c) and takes what is beyond as the next command:
 * whoever controls a long value could write one of his own.
 */
const maxCommandBytes = 2000;

/**
 * A command as a line for the wire: words as they are, arguments in quotes.
 * @throws Failure `agi_argument_invalid` when it would become more than one command.
 */
export function serializeCommand(words: string, args: readonly string[]): string {
  const line = [words, ...args.map(quoted)].join(' ');
  if (Buffer.byteLength(line) <= maxCommandBytes) return `${line}\n`;
  throw agiFailure('agi_argument_invalid', `${words}: longer than ${maxCommandBytes} bytes`);
}

/** As `parse_args` of res_agi.c reads it: only the quote and the backslash mean something between quotes. */
function quoted(value: string): string {
  // The value is not shown: it may be a caller's.
  if (/[\r\n\0]/.test(value)) throw agiFailure('agi_argument_invalid', 'an argument holds a line break');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether a value stands for itself in the arguments of an application, where `,`, `=`, quotes and brackets do not. */
export const isPlainValue = (value: string): boolean => /^[\w.+@:-]{1,256}$/.test(value);

/** A name that can be no expression: a variable, or a function with plain arguments, e.g. `CHANNEL(linkedid)`. */
export function variableName(name: string): string {
  if (/^[A-Za-z_]\w{0,79}(\([\w,.:-]{0,80}\))?$/.test(name)) return name;
  throw agiFailure('agi_argument_invalid', 'expected the name of a variable, or of a function with plain arguments');
}
