import { type Fillers, filledPieces, isGap, written } from './placeholders.ts';

/**
 * Header values with their placeholders filled; names in lower case. A header whose whole value is a placeholder without
 * a value is left out; within other text it is empty.
 */
export function fillHeaders(headers: Readonly<Record<string, string>>, fillers: Fillers): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, template]) => {
    const pieces = filledPieces(template, fillers);
    return isGap(pieces) ? [] : [[name.toLowerCase(), written(pieces, headerText)] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * A value as a header can carry it (RFC 9110, 5.5: visible ASCII and blanks). Everything else is percent-encoded in
 * UTF-8, so no value can begin another header; `%` and blanks at the ends too, so that decoding gives the value back.
 */
export function headerText(value: string): string {
  const inner = value.replace(/^ +/, '');
  const end = lastNonBlank(inner) + 1;
  const [before, after] = [value.length - inner.length, inner.length - end];
  const text = inner.slice(0, end).replace(/[^\x20-\x7e]|%/gu, (part) => encodeURIComponent(part));
  return `${'%20'.repeat(before)}${text}${'%20'.repeat(after)}`;
}

/** A loop instead of `/ +$/`, which is quadratic on long runs of blanks that something else ends. */
function lastNonBlank(text: string): number {
  let at = text.length - 1;
  while (text[at] === ' ') at -= 1;
  return at;
}
