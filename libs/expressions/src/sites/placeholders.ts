import { callTextParts, type Placeholder } from '@patchcord/contracts';
import { plainText } from '../templates/render.ts';
import type { Scope } from '../templates/scope.ts';
import { type Filled, textOf } from './filled.ts';

/** What fills placeholders of the parameter table, by the name between the braces. */
type Placeholders = ReadonlyMap<string, Filled>;

/** What texts are filled from. */
export interface Fillers {
  /** Undefined: they are not filled, and `{1}` stays as it is. */
  readonly placeholders: Placeholders | undefined;
  /** What the call's expressions, such as `{call.from}`, get their values from. */
  readonly scope: Scope;
  /** Gets what is missing, by names and without values. */
  readonly notes: string[];
}

/** What a placeholder came to. */
export interface Slot {
  /** As it is written, with braces. */
  readonly name: string;
  /** Undefined: there is no value. */
  readonly text: string | undefined;
  /** Its parameter says that it is to be left out. */
  readonly omit: boolean;
}

/** A part of a text: what the administrator wrote, or what stands in place of a placeholder. */
export type Piece = string | Slot;

const tablePlaceholder = /\{([A-Za-z0-9_-]{1,64})\}/g;

/** Most that the values of one text may come to (characters). */
const maxInsertedCharacters = 262_144;

/** Names of the placeholders that a parameter table fills, without braces. */
export const placeholdersIn = (text: string): string[] =>
  callTextParts(text).flatMap((part) =>
    typeof part === 'string' ? [...part.matchAll(tablePlaceholder)].map(([, name = '']) => name) : [],
  );

/** Whether a text has an expression of the call, so that it tells something of it by itself. */
export const hasExpressions = (text: string): boolean => callTextParts(text).some((part) => typeof part !== 'string');

/** The pieces of a text, with the values of its placeholders. */
export function filledPieces(text: string, fillers: Fillers): Piece[] {
  let left = maxInsertedCharacters;
  return callTextParts(text).flatMap((part) => {
    if (typeof part === 'string') return tablePieces(part, fillers);
    const slot = expressionSlot(part, fillers);
    left -= slot.text?.length ?? 0;
    if (left >= 0) return [slot];
    fillers.notes.push(`"${part.name}": left out, the values are longer than ${maxInsertedCharacters} characters`);
    return [{ ...slot, text: undefined }];
  });
}

function tablePieces(text: string, { placeholders }: Fillers): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: name, 1: key = '', index } of text.matchAll(tablePlaceholder)) {
    if (index > from) pieces.push(text.slice(from, index));
    const filled = placeholders?.get(key);
    const value = filled === undefined ? undefined : textOf(filled);
    pieces.push({ name, text: placeholders === undefined ? name : value, omit: filled?.omit === true });
    from = index + name.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** What an expression of the call came to. */
export function expressionSlot(placeholder: Placeholder, { scope, notes }: Pick<Fillers, 'scope' | 'notes'>): Slot {
  const { text, note } = plainText(placeholder, scope);
  if (note !== undefined) notes.push(`"${placeholder.name}": ${note}`);
  // Empty text that is the value, or stands behind the bar, is written; what is noted as missing may be left out.
  const isMissing = text === '' && note !== undefined;
  return { name: `{${placeholder.name}}`, text: isMissing ? undefined : text, omit: false };
}

/** Whether a text is one placeholder for which there is no value: then what holds it can be left out. */
export const isGap = (pieces: readonly Piece[]): boolean =>
  pieces.length === 1 && pieces.every((piece) => typeof piece !== 'string' && piece.text === undefined);

/** Pieces as one text, values encoded; empty where there is no value. */
export const written = (pieces: readonly Piece[], encode: (value: string) => string): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : encode(piece.text ?? ''))).join('');

/** Divides pieces at a text; what stands in place of a placeholder divides nothing. */
export function divided(pieces: readonly Piece[], at: string): Piece[][] {
  const groups: Piece[][] = [[]];
  for (const piece of pieces) {
    const [first = '', ...others] = typeof piece === 'string' ? piece.split(at) : [piece];
    if (first !== '') groups.at(-1)?.push(first);
    for (const one of others) groups.push(one === '' ? [] : [one]);
  }
  return groups;
}
