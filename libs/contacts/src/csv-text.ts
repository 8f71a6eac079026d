import { TextDecoder } from 'node:util';
import { Failure } from '@patchcord/contracts';

const invalid = (message: string, cause?: unknown): Failure =>
  new Failure('permanent', 'invalid_request', message, { cause });

const remedy = 'save the file as "CSV UTF-8" and import it again';

/**
 * The text of a file in UTF-8, with or without a byte order mark, piece by piece.
 *
 * @throws Failure permanent `invalid_request` with the line that is no UTF-8
 */
export async function* csvText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let first = true;
  for await (const chunk of source) {
    if (first) refuseUtf16(chunk);
    first = false;
    const text = decoded(decoder, chunk, line);
    line += lineFeeds(text);
    if (text !== '') yield text;
  }
  const end = decoded(decoder, undefined, line);
  if (end !== '') yield end;
}

function decoded(decoder: TextDecoder, chunk: Uint8Array | undefined, line: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    const readable = new TextDecoder().decode(chunk).split('\uFFFD')[0] ?? '';
    throw invalid(`line ${line + lineFeeds(readable)} is not UTF-8: ${remedy}`, cause);
  }
}

function refuseUtf16(chunk: Uint8Array): void {
  const mark = `${chunk[0]} ${chunk[1]}`;
  if (mark === '255 254' || mark === '254 255') throw invalid(`the file is UTF-16, not UTF-8: ${remedy}`);
}

function lineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
