import { parse } from 'csv-parse/browser/esm/sync';

/** The beginning of a file, as it is shown before anything is sent. */
export interface CsvBeginning {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** So much of a file is looked at. */
const lookedAt = 64 * 1024;
const shownRows = 5;
const delimiters = [',', ';', '\t'] as const;

/** The header and the first rows; undefined: it is no CSV in UTF-8. */
export async function readBeginning(file: Blob): Promise<CsvBeginning | undefined> {
  try {
    const bytes = await file.slice(0, lookedAt).arrayBuffer();
    // The last character may be cut in two where the file goes on.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    const readings = delimiters.map((delimiter) => recordsIn(withoutHint(text), delimiter));
    const [header = [], ...rows] = readings.reduce((best, one) => (width(one) > width(best) ? one : best));
    return header.length === 0 ? undefined : { header: header.map((name) => name.trim()), rows };
  } catch {
    return undefined;
  }
}

const width = ([header = []]: readonly (readonly string[])[]): number => header.length;

/** What spreadsheet programs put above the header to tell each other the delimiter. */
const withoutHint = (text: string): string => text.replace(/^"?sep=.?"?\r?\n/i, '');

const recordsIn = (text: string, delimiter: string): string[][] =>
  parse(text, {
    delimiter,
    to: shownRows + 1,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
  });
