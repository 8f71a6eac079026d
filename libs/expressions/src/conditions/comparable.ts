import { valueText } from '../templates/value-text.ts';

/** A value as the text that it is compared as; empty where there is none. */
export function comparableText(value: unknown): string {
  const written = valueText(value ?? null);
  return written.ok ? written.text : '';
}
