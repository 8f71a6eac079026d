import { createHash } from 'node:crypto';

type Fields = readonly (readonly [name: string, text: string])[];

/** `application/x-www-form-urlencoded` as browsers write it (WHATWG URL, section 5). */
export const urlencodedBody = (fields: Fields): string =>
  new URLSearchParams(fields.map(([name, text]): [string, string] => [name, text])).toString();

/** `name=value` lines, each ended by CRLF, as browsers write `text/plain`; but a value never begins a line of its own. */
export const textBody = (fields: Fields): string =>
  fields.map(([name, text]) => `${escapeLine(name)}=${escapeLine(text)}\r\n`).join('');

/** All that some reader of lines takes for the end of one is among these; a tab is not. */
const lineEnds = /(?!\t)[\\\p{Cc}\u2028\u2029]/gu;
const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };

/** Ends of lines as `\n`, `\r` or `\u2028`, and a backslash as two, so that a reader can undo it. */
export const escapeLine = (text: string): string =>
  text.replace(
    lineEnds,
    (character) => shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export interface Multipart {
  readonly contentType: string;
  readonly body: string;
}

/**
 * `multipart/form-data` (RFC 7578). The boundary follows from the fields, so that the same facts give the same bytes, and
 * stands in none of them. `asFiles`: each field as a file that is called like the field.
 */
export function multipartBody(fields: Fields, asFiles: boolean): Multipart {
  const boundary = boundaryFor(fields);
  const parts = fields.map(([name, text]) => {
    const quoted = `"${escapeName(name)}"`;
    const fileName = asFiles ? `; filename=${quoted}` : '';
    return `--${boundary}\r\nContent-Disposition: form-data; name=${quoted}${fileName}\r\n\r\n${text}\r\n`;
  });
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: `${parts.join('')}--${boundary}--\r\n` };
}

/** As browsers do it (WHATWG HTML, "multipart form data"). */
const escapeName = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** No text can be made that holds its own digest. */
const boundaryFor = (fields: Fields): string =>
  `patchcord-${createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32)}`;
