/** One element of a pattern: a character, any one character, or any text. */
type Element = { readonly character: string } | 'one' | 'any';

/** `%` is any text, `_` any one character; with `\` before them, and before itself, a character is itself. */
function elementsOf(pattern: string): Element[] {
  const characters = Array.from(pattern);
  const elements: Element[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const next = characters[at + 1] ?? '';
    if (character === '\\' && isSpecial(next)) {
      elements.push({ character: next });
      at += 1;
    } else elements.push(character === '%' ? 'any' : character === '_' ? 'one' : { character });
  }
  return elements;
}

const isSpecial = (character: string): boolean => character === '%' || character === '_' || character === '\\';

/** A text as a pattern that means itself. */
export const likeLiteral = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`);

/** What stands between two `%`: characters, undefined for any one. */
type Piece = readonly (string | undefined)[];

function piecesOf(pattern: string): Piece[] {
  const pieces: (string | undefined)[][] = [[]];
  for (const element of elementsOf(pattern)) {
    if (element === 'any') pieces.push([]);
    else pieces.at(-1)?.push(element === 'one' ? undefined : element.character);
  }
  return pieces;
}

/**
 * Whether the whole text fits the pattern, character by character. Each piece is sought once, from where the one before
 * it ended, so the time grows with the text and hardly with the pattern: a trigger may have 50 of them.
 */
export function isLike(text: string, pattern: string): boolean {
  const characters = Array.from(text);
  const pieces = piecesOf(pattern);
  const first = pieces.shift() ?? [];
  const last = pieces.pop();
  if (last === undefined) return characters.length === first.length && standsAt(characters, 0, first);
  const end = characters.length - last.length;
  if (first.length > end || !standsAt(characters, 0, first) || !standsAt(characters, end, last)) return false;
  let at: number | undefined = first.length;
  for (const piece of pieces) {
    at = endOf(piece, characters, { from: at, to: end });
    if (at === undefined) return false;
  }
  return true;
}

const standsAt = (characters: readonly string[], at: number, piece: Piece): boolean =>
  piece.every((wanted, offset) => wanted === undefined || wanted === characters[at + offset]);

/**
 * Where the first occurrence of a piece ends. Bit n of `open` says that the last n + 1 characters fit the beginning of
 * the piece, so that one shift looks at all places at once (the shift-and algorithm of Baeza-Yates and Gonnet).
 */
function endOf(
  piece: Piece,
  characters: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): number | undefined {
  if (piece.length === 0) return from;
  const { fits, others } = bitsOf(piece);
  const complete = 1n << BigInt(piece.length - 1);
  let open = 0n;
  for (let at = from; at < to; at += 1) {
    open = ((open << 1n) | 1n) & (fits.get(characters[at] ?? '') ?? others);
    if ((open & complete) !== 0n) return at + 1;
  }
  return undefined;
}

/** For each character of a piece the places where it fits; `others`: where any other one does. */
function bitsOf(piece: Piece): { readonly fits: ReadonlyMap<string, bigint>; readonly others: bigint } {
  let others = 0n;
  for (const [place, wanted] of piece.entries()) if (wanted === undefined) others |= 1n << BigInt(place);
  const fits = new Map<string, bigint>();
  for (const [place, wanted] of piece.entries())
    if (wanted !== undefined) fits.set(wanted, (fits.get(wanted) ?? others) | (1n << BigInt(place)));
  return { fits, others };
}
