import { type Filled, textOf } from './fill.ts';

/** What fills placeholders, by the name between the braces. */
export type Placeholders = ReadonlyMap<string, Filled>;

const placeholder = /\{([A-Za-z0-9_-]{1,64})\}/g;
const onlyPlaceholder = /^\{([A-Za-z0-9_-]{1,64})\}$/;

/** Names of the placeholders in a text, without braces. */
export const placeholdersIn = (template: string): string[] =>
  [...template.matchAll(placeholder)].map(([, name = '']) => name);

/** The name, of a text that is one placeholder and nothing else. */
export const soleName = (template: string): string | undefined => onlyPlaceholder.exec(template)?.[1];

function placeholderText(placeholders: Placeholders, name: string): string | undefined {
  const filled = placeholders.get(name);
  return filled === undefined ? undefined : textOf(filled);
}

/** Whether a text is one placeholder for which there is no value: then what holds it can be left out. */
export function isGap(template: string, placeholders: Placeholders): boolean {
  const name = soleName(template);
  return name !== undefined && placeholderText(placeholders, name) === undefined;
}

/** A text with its placeholders filled; empty where there is no value. */
export const fillPlaceholders = (
  template: string,
  placeholders: Placeholders,
  encode: (text: string) => string,
): string => template.replace(placeholder, (_, name: string) => encode(placeholderText(placeholders, name) ?? ''));
