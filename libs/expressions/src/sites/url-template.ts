import { callTextParts, type Placeholder } from '@patchcord/contracts';
import type { RenderFailure } from './facts.ts';
import { divided, type Fillers, filledPieces, isGap, type Piece, type Slot, written } from './placeholders.ts';

/** A URL in its parts, as it will be written. */
export interface UrlParts {
  /** `https://crm.example:8443` */
  readonly origin: string;
  readonly path: string;
  /** `name=value`, encoded. */
  readonly query: readonly string[];
  readonly fragment: string | undefined;
}

/** The pieces of a URL where they stand. Its authority has no placeholders: a caller could choose who is asked. */
interface Places {
  readonly authority: string;
  readonly path: readonly Piece[];
  /** Undefined: there is no `?`. */
  readonly query: readonly Piece[];
  readonly fragment: readonly Piece[] | undefined;
}

function placesIn(template: readonly Piece[]): Places {
  const [beforeFragment = [], ...fragments] = divided(withoutBlanks(template), '#');
  const [address = [], ...queries] = divided(beforeFragment, '?');
  const [first = '', ...others] = address;
  const [, authority = '', path = ''] = (typeof first === 'string' && /^([a-z]+:\/\/[^/]*)(.*)$/is.exec(first)) || [];
  return {
    authority,
    path: [...(path === '' ? [] : [path]), ...others],
    query: joined(queries, '?'),
    fragment: fragments.length === 0 ? undefined : joined(fragments, '#'),
  };
}

/** What URL parsers pass over. */
function withoutBlanks(pieces: readonly Piece[]): Piece[] {
  const last = pieces.length - 1;
  return pieces.map((piece, at) => {
    if (typeof piece !== 'string') return piece;
    const text = piece.replace(/[\t\n\r]/g, '');
    const begun = at === 0 ? text.trimStart() : text;
    return at === last ? begun.trimEnd() : begun;
  });
}

/** The inverse of dividing. */
const joined = (groups: readonly (readonly Piece[])[], at: string): Piece[] =>
  groups.flatMap((group, i) => (i === 0 ? group : [at, ...group]));

/** Fills the placeholders of a URL, each encoded for where it stands. */
export const fillUrl = (template: string, fillers: Fillers): UrlParts | RenderFailure =>
  urlOfPieces(filledPieces(template, fillers));

/** A URL of its pieces, values encoded for where they stand. */
export function urlOfPieces(pieces: readonly Piece[]): UrlParts | RenderFailure {
  const places = placesIn(pieces);
  const chosen = slotOfHost(places);
  if (chosen !== undefined) return hostRefused(chosen.name);
  const { authority, path, query, fragment } = places;
  const filledPath = fillPath(path);
  if (typeof filledPath !== 'string') return filledPath;
  return {
    origin: asciiOrigin(authority),
    path: filledPath,
    query: fillQuery(query),
    fragment: fragment === undefined ? undefined : fillText(fragment),
  };
}

/** The value that would make the host: in what was stored before placeholders were, or by whoever does not check it. */
function slotOfHost({ authority, path: [first, second] }: Places): Slot | undefined {
  const slot = typeof first === 'string' && /^\/*$/.test(first) && /^[a-z]+:\/*$/i.test(authority) ? second : first;
  return typeof slot === 'string' ? undefined : slot;
}

const hostRefused = (name: string): RenderFailure => ({
  ok: false,
  parameter: name,
  message: 'it stands in the host of the URL: whoever calls would choose who is asked',
});

/** A host that is not in ASCII is written as DNS knows it; one that cannot be stays, and whoever sends it says so. */
const asciiOrigin = (origin: string): string =>
  /[\u0080-\uffff]/.test(origin) ? (URL.parse(origin)?.origin ?? origin) : origin;

/** What stands in the URL itself is kept as it is written, but for characters that no URL can hold. */
const literal = (text: string): string =>
  text.toWellFormed().replace(/[^\x21-\x7e]|["<>`\\^|]/gu, (character) => encodeURIComponent(character));

const fillText = (pieces: readonly Piece[]): string =>
  written(
    pieces.map((piece) => (typeof piece === 'string' ? literal(piece) : piece)),
    encodeURIComponent,
  );

function fillPath(path: readonly Piece[]): string | RenderFailure {
  const segments: string[] = [];
  for (const segment of divided(path, '/')) {
    const slots = segment.filter((piece) => typeof piece !== 'string');
    const [first] = slots;
    if (segment.length === 1 && first?.omit === true) continue;
    const text = fillText(segment);
    if (first !== undefined && isDots(text)) return dotsRefused(first.name);
    segments.push(text);
  }
  return segments.join('/');
}

/** `.` and `..` are steps to another folder, however they are written (WHATWG URL, "double-dot URL path segment"). */
const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

const dotsRefused = (name: string): RenderFailure => ({
  ok: false,
  parameter: name,
  message: 'its value is "." or "..", which in a path means another folder',
});

/** A pair whose whole value is a placeholder goes when there is no value; within other text it is empty. */
function fillQuery(query: readonly Piece[]): string[] {
  return divided(query, '&')
    .filter((pair) => pair.length > 0 && !isGap(valuePart(pair)))
    .map(fillText);
}

/** What stands behind the first `=` of a pair; all of it without one. */
function valuePart(pair: readonly Piece[]): readonly Piece[] {
  const [, ...values] = divided(pair, '=');
  return values.length === 0 ? pair : joined(values, '=');
}

/** Name that a pair of a query has. */
function queryName(pair: string): string {
  const [name = ''] = pair.split('=');
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** Names that the query of a URL says, before its placeholders are filled. */
export const queryNames = (url: string): string[] =>
  divided(placesIn(callTextParts(url).map(asPiece)).query, '&')
    .filter((pair) => pair.length > 0)
    .map((pair) => queryName(written(pair, (value) => value)));

const asPiece = (part: string | Placeholder): Piece =>
  typeof part === 'string' ? part : { name: part.name, text: `{${part.name}}`, omit: false };

/** Parameters behind the query that is there. What the URL says itself stays, and is not said a second time. */
export function withQuery(parts: UrlParts, fields: readonly (readonly [string, string])[], notes: string[]): UrlParts {
  const said = new Set(parts.query.map(queryName));
  const added = fields.flatMap(([name, text]) => {
    if (!said.has(name)) return [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
    notes.push(`the parameter "${name}" is not sent: the URL's own query has that name`);
    return [];
  });
  return { ...parts, query: [...parts.query, ...added] };
}

/** The URL as one text; kept as the administrator wrote it, also without a path. */
export function joinUrl({ origin, path, query, fragment }: UrlParts): string {
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  return `${origin}${path}${search}${fragment === undefined ? '' : `#${fragment}`}`;
}
