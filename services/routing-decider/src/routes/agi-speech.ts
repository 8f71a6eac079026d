/** A part of a text goes into one command, whose 2048 bytes it may double where each is to be escaped. */
const longestBytes = 800;

/**
 * A text as arguments for an application that speaks, each of them one argument: between quotes, since a comma would
 * begin the next, and without what means something between them or to the dialplan. Cut at the end of a sentence or word.
 */
export function speechArguments(text: string): string[] {
  const spoken = text
    .replace(/[\p{Cc}\\{}$]+/gu, ' ')
    .replaceAll('"', "'")
    .replace(/\s+/g, ' ')
    .trim();
  return partsOf(spoken).map((part) => `"${part}"`);
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const part = firstPart(rest);
    parts.push(part.trim());
    rest = rest.slice(part.length).trim();
  }
  return parts;
}

function firstPart(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestBytes) return text;
  const most = new TextDecoder().decode(bytes.subarray(0, longestBytes), { stream: true });
  const sentence = /^.*[.!?;](?= )/s.exec(most)?.[0];
  return sentence ?? /^.*(?= )/s.exec(most)?.[0] ?? most;
}
