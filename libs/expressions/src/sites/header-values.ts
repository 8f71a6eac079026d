import { type Filled, textOf } from './fill.ts';

const placeholder = /\{([A-Za-z0-9_-]{1,64})\}/g;
const onlyPlaceholder = /^\{([A-Za-z0-9_-]{1,64})\}$/;

/**
 * Header values with their placeholders filled; names in lower case. A header whose whole value is a placeholder without
 * a value is left out; within other text it is empty.
 */
export function fillHeaders(
  headers: Readonly<Record<string, string>>,
  placeholders: ReadonlyMap<string, Filled>,
): Record<string, string> {
  const text = (name: string): string | undefined => {
    const filled = placeholders.get(name);
    const value = filled === undefined ? undefined : textOf(filled);
    return value === undefined ? undefined : headerText(value);
  };
  const entries = Object.entries(headers).flatMap(([name, template]) => {
    const alone = onlyPlaceholder.exec(template)?.[1];
    if (alone !== undefined && text(alone) === undefined) return [];
    return [[name.toLowerCase(), template.replace(placeholder, (_, one: string) => text(one) ?? '')] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * A value as a header can carry it (RFC 9110, 5.5: visible ASCII and blanks). Everything else is percent-encoded in
 * UTF-8, so no value can begin another header; `%` and blanks at the ends too, so that decoding gives the value back.
 */
export const headerText = (value: string): string =>
  value.replace(/[^\x20-\x7e]|%|^ +| +$/gu, (part) => encodeURIComponent(part));
