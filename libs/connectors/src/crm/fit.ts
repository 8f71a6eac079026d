import type { CallEntry } from './port.ts';

/** Ends a text that the CRM's field is too short for. */
export const cutMarker = ' … [cut]';

/** A text that fits, with a marker where it was cut. Never parts a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = Math.max(0, maxLength - cutMarker.length);
  const isWithin = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, isWithin ? end - 1 : end)}${cutMarker}`.slice(0, maxLength);
}

type Texts = 'subject' | 'notes' | 'disposition' | 'recordingUrl';
const texts: readonly Texts[] = ['subject', 'notes', 'disposition', 'recordingUrl'];

/** A call whose texts fit into the CRM's fields. `maxLengths`: by our names. An address that does not fit is of no use: it is left out. */
export function fitted(
  entry: CallEntry,
  maxLengths: Readonly<Record<string, number>>,
): { readonly entry: CallEntry; readonly cut: readonly string[] } {
  const cut = texts.filter((name) => (entry[name]?.length ?? 0) > (maxLengths[name] ?? Infinity));
  const shorter = Object.fromEntries(
    cut.map((name) => [name, name === 'recordingUrl' ? undefined : cutText(entry[name] ?? '', maxLengths[name] ?? 0)]),
  );
  return { entry: { ...entry, ...shorter }, cut };
}
