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

/**
 * Whether the whole text fits the pattern, character by character. Only the latest `%` is ever tried again, so the time
 * is at most the product of both lengths.
 */
export function isLike(text: string, pattern: string): boolean {
  const characters = Array.from(text);
  const elements = elementsOf(pattern);
  let [at, element, retryAt, retryElement] = [0, 0, 0, -1];
  while (at < characters.length) {
    const wanted = elements[element];
    if (wanted === 'any') {
      retryElement = element + 1;
      retryAt = at;
      element += 1;
    } else if (wanted === 'one' || wanted?.character === characters[at]) {
      at += 1;
      element += 1;
    } else if (retryElement >= 0) {
      retryAt += 1;
      at = retryAt;
      element = retryElement;
    } else return false;
  }
  return elements.slice(element).every((rest) => rest === 'any');
}
