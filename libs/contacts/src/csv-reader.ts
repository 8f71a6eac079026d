/** One record of a CSV text, by the line (from 1) on which it begins; or why that line is none. */
export type CsvRecord =
  | { readonly line: number; readonly fields: string[] }
  | { readonly line: number; readonly problem: string };

export interface CsvReader {
  /** Records that are complete with this piece of the text, in order. Blank lines are none. */
  push(text: string): CsvRecord[];
  /** The records of what is left. */
  end(): CsvRecord[];
  /** Lines of the records that were read so far. */
  readonly lines: number;
}

export interface CsvReaderOptions {
  readonly delimiter: string;
  /** Number of the text's first line. Default 1. */
  readonly firstLine?: number;
  /** Longest record (characters). Default 1 Mi. */
  readonly maxRecordLength?: number;
  /**
   * Most fields of a record with quotes. Default 400. Quotes can be set so that each line goes on into all after it, and
   * reading each would cost as much as reading the file.
   */
  readonly maxFields?: number;
}

type Step =
  | { readonly state: 'record'; readonly fields: string[]; readonly end: number }
  | { readonly state: 'incomplete' | 'broken' | 'endless' };

const quote = '"';
const mebi = 1024 * 1024;

/**
 * Reads CSV (RFC 4180) piece by piece. It is ours because a record with an error must cost no more than its own line: a
 * quote that is never closed refuses the line it stands on, and reading goes on with the next; and because line numbers
 * are those an editor shows. A quote within a field that does not begin with one is a character like others. Lines end
 * with LF or CR LF.
 */
export function createCsvReader(options: CsvReaderOptions): CsvReader {
  const { delimiter, maxRecordLength = mebi, maxFields = 400 } = options;
  let rest = '';
  let line = options.firstLine ?? 1;
  let skipping = false;

  const refuseLine = (at: number, problem: string, out: CsvRecord[]): number => {
    out.push({ line, problem });
    return skipLine(at);
  };
  const skipLine = (at: number): number => {
    const lineEnd = rest.indexOf('\n', at);
    skipping = lineEnd === -1;
    if (skipping) return rest.length;
    line += 1;
    return lineEnd + 1;
  };
  const read = (last: boolean): CsvRecord[] => {
    const out: CsvRecord[] = [];
    let at = skipping ? skipLine(0) : 0;
    while (at < rest.length) {
      const step = nextRecord(rest, { at, delimiter, maxFields, last });
      if (step.state === 'record') {
        if (!isBlank(step.fields)) out.push({ line, fields: step.fields });
        line += linesIn(rest, at, step.end);
        at = step.end;
      } else if (step.state === 'endless') at = refuseLine(at, 'too many fields: a quote may be missing', out);
      else if (step.state === 'broken') at = refuseLine(at, 'a quote ends in the middle of a field', out);
      else if (last) at = refuseLine(at, 'a quote is opened and never closed', out);
      else if (rest.length - at > maxRecordLength) at = refuseLine(at, tooLong(maxRecordLength), out);
      else break;
    }
    rest = rest.slice(at);
    return out;
  };
  return {
    push: (text) => {
      rest += text;
      return read(false);
    },
    end: () => {
      const unfinished = rest === '' ? skipping : !rest.endsWith('\n');
      const records = read(true);
      if (unfinished) line += 1;
      return records;
    },
    get lines() {
      return line - 1;
    },
  };
}

const tooLong = (length: number): string =>
  `value too long: expected a record of at most ${length} characters; a quote may be missing`;

const isBlank = (fields: readonly string[]): boolean => fields.every((field) => field.trim() === '');

function linesIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

interface Place {
  readonly at: number;
  readonly delimiter: string;
  readonly maxFields: number;
  /** No more text follows. */
  readonly last: boolean;
}

/** The record at a place of the text. Most have no quotes and are one line. */
function nextRecord(text: string, place: Place): Step {
  const { at, delimiter, last } = place;
  const found = text.indexOf('\n', at);
  if (found === -1 && !last) return { state: 'incomplete' };
  const lineEnd = found === -1 ? text.length : found;
  const line = text.slice(at, text[lineEnd - 1] === '\r' && lineEnd > at ? lineEnd - 1 : lineEnd);
  if (line.includes(quote)) return quotedRecord(text, place);
  return { state: 'record', fields: line.split(delimiter), end: Math.min(lineEnd + 1, text.length) };
}

function quotedRecord(text: string, { at: start, delimiter, maxFields, last }: Place): Step {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === quote ? quotedField(text, at, last) : bareField(text, at, delimiter);
    if (typeof field === 'string') return { state: field };
    if (fields.length === maxFields) return { state: 'endless' };
    fields.push(field.value);
    at = field.end;
    if (text[at] === delimiter) at += 1;
    else {
      const ending = lineEndAt(text, at, last);
      return typeof ending === 'string' ? { state: ending } : { state: 'record', fields, end: ending };
    }
  }
}

/** Where the line that ends here is over. */
function lineEndAt(text: string, at: number, last: boolean): number | 'incomplete' | 'broken' {
  if (text[at] === '\n') return at + 1;
  if (text[at] === '\r' && text[at + 1] === '\n') return at + 2;
  if (text[at] === '\r' && at + 1 === text.length) return last ? at + 1 : 'incomplete';
  if (at >= text.length) return last ? at : 'incomplete';
  return 'broken';
}

function quotedField(text: string, start: number, last: boolean): { value: string; end: number } | 'incomplete' {
  let at = start + 1;
  for (;;) {
    const found = text.indexOf(quote, at);
    if (found === -1 || (found + 1 === text.length && !last)) return 'incomplete';
    if (text[found + 1] !== quote) {
      return { value: text.slice(start + 1, found).replaceAll('""', quote), end: found + 1 };
    }
    at = found + 2;
  }
}

function bareField(text: string, start: number, delimiter: string): { value: string; end: number } {
  let at = start;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1;
  // The CR before the line's LF, or at the end of the text, is part of the line end.
  const end = at > start && text[at - 1] === '\r' && text[at] !== delimiter ? at - 1 : at;
  return { value: text.slice(start, end), end };
}
