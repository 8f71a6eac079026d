/** What a JSON text says, or undefined when it is none. Whoever asks checks the rest by a schema. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
