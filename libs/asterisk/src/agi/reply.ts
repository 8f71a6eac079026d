import { agiFailure } from './failures.ts';

/** The answer to one command: `200 result=1 (value) endpos=4480`. */
export interface AgiReply {
  /** What stands behind `result=`: a number, or digits that may be empty. */
  readonly result: string;
  /** What stands in brackets; absent when there are none. */
  readonly value?: string;
}

/** What one line means to a session. */
export type AgiLine =
  | { readonly kind: 'hangup' }
  | { readonly kind: 'reply'; readonly reply: AgiReply }
  | { readonly kind: 'refused'; readonly code: 'agi_refused' | 'agi_hung_up'; readonly message: string }
  | { readonly kind: 'incomplete' };

/** Reads lines; keeps what an answer of several lines has said so far. */
export interface ReplyReader {
  /** @throws Failure `agi_protocol` for a line that is none of Asterisk's. */
  take(line: string): AgiLine;
}

/** A value has 4096 bytes at most. */
const maxAnswer = 16 * 1024;

const reply = /^200 result=([^ ]*)(?: \((.*)\))?(?: endpos=\d+)?$/s;

/**
 * Observed and in res_agi.c: `HANGUP` may stand between any two lines and answers nothing. A usage error is `520-...`,
 * lines of text, and `520 End of proper usage.`. A value with line breaks goes over several lines, up to its bracket.
 */
export function createReplyReader(): ReplyReader {
  let usage: string | undefined;
  let begun: string | undefined;
  return {
    take(line) {
      if (usage !== undefined) {
        if (!line.startsWith('520 ')) return { kind: 'incomplete' };
        const message = usage;
        usage = undefined;
        return { kind: 'refused', code: 'agi_refused', message };
      }
      if (begun === undefined && line === 'HANGUP') return { kind: 'hangup' };
      const text = begun === undefined ? line : `${begun}\n${line}`;
      if (text.startsWith('520-')) {
        usage = line;
        return { kind: 'incomplete' };
      }
      if (/^200 result=\S* \(/.test(text) && !/\)( endpos=\d+)?$/.test(text)) {
        if (text.length > maxAnswer) throw agiFailure('agi_protocol', 'an answer without end');
        begun = text;
        return { kind: 'incomplete' };
      }
      begun = undefined;
      return readLine(text);
    },
  };
}

function readLine(text: string): AgiLine {
  const found = reply.exec(text);
  if (found !== null) {
    const [, result = '', value] = found;
    return { kind: 'reply', reply: { result, ...(value === undefined ? {} : { value }) } };
  }
  if (text.startsWith('511 ')) return { kind: 'refused', code: 'agi_hung_up', message: text };
  if (/^5\d\d /.test(text)) return { kind: 'refused', code: 'agi_refused', message: text };
  throw agiFailure('agi_protocol', 'a line that is no answer of Asterisk');
}
