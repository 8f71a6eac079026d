import type { AmiMessage } from '../message.ts';
import { amiFailure } from './failures.ts';

const LF = 0x0a;
const BANNER = 'Asterisk Call Manager';
const END_COMMAND = '--END COMMAND--';

export interface AmiParser {
  /**
   * Takes the next bytes, cut anywhere, and returns the messages they complete. The greeting of a connection is a
   * message of its own with the one header `Banner`.
   * @throws Failure `ami_message_too_big` or `ami_not_asterisk`; the parser is of no use after it.
   */
  push(chunk: Uint8Array): AmiMessage[];
}

export interface AmiParserOptions {
  /** A message longer than this is not one of Asterisk's. */
  readonly maxMessageBytes?: number | undefined;
  /** Refuse a peer whose first line is not Asterisk's greeting, with `ami_not_asterisk`. Default false. */
  readonly greetingFirst?: boolean | undefined;
}

/** An incremental parser of the AMI wire format: `Name: value` lines, ended by CRLF or LF, messages by an empty line. */
export function createAmiParser(options: AmiParserOptions = {}): AmiParser {
  const maxBytes = options.maxMessageBytes ?? 1024 * 1024;
  const takeLine = createAssembler(maxBytes);
  let greetingDue = options.greetingFirst ?? false;
  let partial: Buffer[] = [];
  let partialBytes = 0;

  const keep = (rest: Buffer): void => {
    if (rest.length === 0) return;
    partialBytes += rest.length;
    if (partialBytes > maxBytes) throw tooBig(maxBytes);
    partial.push(rest);
  };

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const end = bytes.lastIndexOf(LF);
      // A line is decoded only when it is whole, so a character cut in two by the network is never seen as such.
      if (end === -1) {
        keep(bytes);
        return [];
      }
      const text = Buffer.concat([...partial, bytes.subarray(0, end)]).toString('utf8');
      partial = [];
      partialBytes = 0;
      keep(bytes.subarray(end + 1));
      if (greetingDue && !text.startsWith(BANNER)) throw notAsterisk(text);
      greetingDue = false;
      return text.split('\n').flatMap((line) => takeLine(line.endsWith('\r') ? line.slice(0, -1) : line));
    },
  };
}

type Header = [name: string, value: string];

/** Puts lines together to messages. */
function createAssembler(maxBytes: number): (line: string) => AmiMessage[] {
  let headers: Header[] = [];
  let length = 0;
  let inOutput = false;

  const finish = (): AmiMessage[] => {
    const message = { headers };
    headers = [];
    length = 0;
    return message.headers.length === 0 ? [] : [message];
  };

  const takeWithin = (line: string): void => {
    if (!inOutput) addLine(headers, line);
    else if (line === END_COMMAND) inOutput = false;
    else addOutput(headers, line);
    if (line === 'Response: Follows' && headers.length === 1) inOutput = true;
  };

  return (line) => {
    if (line === '' && !inOutput) return finish();
    if (line.startsWith(BANNER)) {
      // A new connection: what was unfinished of the one before will never be finished.
      headers = [];
      inOutput = false;
      return [{ headers: [['Banner', line]] }];
    }
    takeWithin(line);
    length += line.length;
    if (length > maxBytes) throw tooBig(maxBytes);
    return [];
  };
}

function addLine(headers: Header[], line: string): void {
  const colon = line.indexOf(':');
  const last = headers.at(-1);
  if (colon > 0) headers.push([line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)]);
  // Asterisk does not escape a line break within a value (an AppData with one, a UserEvent): it goes on here.
  else if (last !== undefined) last[1] = `${last[1]}\n${line}`;
}

/**
 * Up to Asterisk 13 the answer to Command is `Response: Follows`, `Privilege`, perhaps `ActionID`, then bare lines of
 * text up to `--END COMMAND--`. Newer ones send `Output` headers, and so does this parser for both.
 */
function addOutput(headers: Header[], line: string): void {
  const started = headers.at(-1)?.[0] === 'Output';
  if (!started && /^(Privilege|ActionID):/.test(line)) addLine(headers, line);
  else headers.push(['Output', line]);
}

const tooBig = (maxBytes: number) =>
  amiFailure('ami_message_too_big', `a message of more than ${maxBytes} bytes: this is not how an Asterisk speaks`);

const notAsterisk = (text: string) =>
  amiFailure(
    'ami_not_asterisk',
    `expected the greeting of an Asterisk, but the peer said ${JSON.stringify(text.slice(0, 60))}`,
  );
