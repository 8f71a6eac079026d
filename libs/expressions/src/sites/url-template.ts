import type { RenderFailure } from './facts.ts';
import { fillPlaceholders, isGap, type Placeholders, placeholdersIn, soleName } from './placeholders.ts';

/** A URL in its parts, as it will be written. */
export interface UrlParts {
  /** `https://crm.example:8443` */
  readonly origin: string;
  readonly path: string;
  /** `name=value`, encoded. */
  readonly query: readonly string[];
  readonly fragment: string | undefined;
}

function split(template: string): { authority: string; path: string; query: string; fragment: string | undefined } {
  // What URL parsers pass over.
  const url = template.replace(/[\t\n\r]/g, '').trim();
  const [, authority = '', path = '', query = '', fragment] =
    /^([a-z]+:\/\/[^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(url) ?? [];
  return { authority, path, query, fragment };
}

/** Fills the placeholders of a URL, each encoded for where it stands. */
export function fillUrl(template: string, placeholders: Placeholders): UrlParts | RenderFailure {
  const { authority, path, query, fragment } = split(template);
  const filledPath = fillPath(path, placeholders);
  if (typeof filledPath !== 'string') return filledPath;
  return {
    origin: asciiOrigin(authority),
    path: filledPath,
    query: fillQuery(query, placeholders),
    fragment: fragment === undefined ? undefined : fillText(fragment, placeholders),
  };
}

/** Leaves placeholders as OMniLeads' server sends them: `{1}` as `%7B1%7D`. */
export function keepPlaceholders(template: string): UrlParts {
  const { authority, path, query, fragment } = split(template);
  const kept = (text: string): string => literal(text).replaceAll('{', '%7B').replaceAll('}', '%7D');
  return {
    origin: asciiOrigin(authority),
    path: kept(path),
    query: query.split('&').filter(Boolean).map(kept),
    fragment: fragment === undefined ? undefined : kept(fragment),
  };
}

/** A host that is not in ASCII is written as DNS knows it. */
const asciiOrigin = (origin: string): string => (/[\u0080-\uffff]/.test(origin) ? new URL(origin).origin : origin);

/** What stands in the URL itself is kept as it is written, but for characters that no URL can hold. */
const literal = (text: string): string =>
  text.toWellFormed().replace(/[^\x21-\x7e]|["<>`\\^|]/gu, (character) => encodeURIComponent(character));

const fillText = (template: string, placeholders: Placeholders): string =>
  fillPlaceholders(literal(template), placeholders, encodeURIComponent);

function fillPath(template: string, placeholders: Placeholders): string | RenderFailure {
  const segments: string[] = [];
  for (const segment of template.split('/')) {
    if (placeholders.get(soleName(segment) ?? '')?.omit === true) continue;
    const text = fillText(segment, placeholders);
    const [first] = placeholdersIn(segment);
    if (first !== undefined && isDots(text)) return dotsRefused(first);
    segments.push(text);
  }
  return segments.join('/');
}

/** `.` and `..` are steps to another folder, however they are written (WHATWG URL, "double-dot URL path segment"). */
const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

const dotsRefused = (name: string): RenderFailure => ({
  ok: false,
  parameter: `{${name}}`,
  message: 'its value is "." or "..", which in a path means another folder',
});

/** A pair whose whole value is a placeholder goes when there is no value; within other text it is empty. */
function fillQuery(template: string, placeholders: Placeholders): string[] {
  return template
    .split('&')
    .filter((pair) => pair !== '' && !isGap(pair.slice(pair.indexOf('=') + 1), placeholders))
    .map((pair) => fillText(pair, placeholders));
}

/** Name that a pair of a query has. */
export function queryName(pair: string): string {
  const [name = ''] = pair.split('=');
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

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
