/**
 * Where a text will stand, which says how a value within it is written:
 *
 * - `none`: as it is.
 * - `url-path`: within one segment of a path; `url-query`: within a name or value of a query.
 * - `header`: visible ASCII and blanks (RFC 9110, 5.5), everything else and `%` percent-encoded in UTF-8.
 * - `json-string`: between the quotes of a JSON text.
 * - `html`: text of an element, or between the quotes of an attribute.
 * - `csv`: one field (RFC 4180), quoted where it must be; the template has no quotes of its own around it.
 */
export type Encoding = 'none' | 'url-path' | 'url-query' | 'header' | 'json-string' | 'html' | 'csv';

export type Encode = (value: string) => string;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in an element, or between the quotes of an attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** What would make a reader of CSV see another field or record, or drop something. */
const needsQuotes = /[",;\t\r\n]|^\s|\s$/;

/** Each takes well-formed text. */
export const encoders: Readonly<Record<Encoding, Encode>> = {
  none: (value) => value,
  'url-path': (value) => encodeURIComponent(value),
  'url-query': (value) => encodeURIComponent(value),
  // Receivers strip blanks at the ends of a header; the outermost ones, encoded, keep the others.
  header: (value) => value.replace(/[^\x20-\x7e]|%|^ | $/gu, (part) => encodeURIComponent(part)),
  'json-string': (value) => JSON.stringify(value).slice(1, -1),
  html: escapeHtml,
  csv: (value) => (needsQuotes.test(value) ? `"${value.replaceAll('"', '""')}"` : value),
};

/** Their names, for what people can choose. */
export const encodings = Object.keys(encoders) as [Encoding, ...Encoding[]];
