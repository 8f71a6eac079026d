import { type Placeholder, readPlaceholder } from './template.ts';

/** Namespaces of what a call holds. `Omlcrm…` is not among them: as `{Omlcrmid}` it would be a site's own placeholder. */
export const callNamespaces = ['call', 'agent', 'queue', 'recording', 'ivr', 'app', 'var'] as const;

const opening = new RegExp(String.raw`\{\s*(?:${callNamespaces.join('|')})\.`, 'g');

/**
 * The parts of a URL, a header value or a fixed value. Such texts may hold braces that mean nothing to us, or something
 * else, so that only `{call.from}` and its like is a placeholder: a name with a dot in one of {@link callNamespaces},
 * also with a bar (`{ivr.lang|en}`). Every other brace is text as it stands, and so is `{{call.from}}`: the templates of
 * others look like that. Never throws; no part is empty.
 */
export function callTextParts(text: string): (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = [];
  let from = 0;
  for (const { index } of text.matchAll(opening)) {
    if (index < from) continue;
    const read = readPlaceholder(text, index);
    // Each of thousands that nothing closes would be read to the end of the text.
    if (!read.ok && read.toEnd === true) break;
    if (!read.ok || (text[index - 1] === '{' && text[read.end] === '}')) continue;
    if (index > from) parts.push(text.slice(from, index));
    parts.push(read.placeholder);
    from = read.end;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The placeholders of such a text, in order. */
export const callPlaceholders = (text: string): Placeholder[] =>
  callTextParts(text).filter((part) => typeof part !== 'string');

/** The text with something else in place of its placeholders. */
export const withoutPlaceholders = (text: string, instead: string): string =>
  callTextParts(text)
    .map((part) => (typeof part === 'string' ? part : instead))
    .join('');
