import { RE2JS, RE2JSException } from 're2js';

/** Longest pattern (characters). */
export const maxPatternCharacters = 256;

/** Largest compiled pattern (instructions): together with the limit on what is searched it bounds the time. */
const maxPatternInstructions = 2000;

export type CompiledPattern =
  | { readonly ok: true; readonly regex: RE2JS }
  | { readonly ok: false; readonly problem: string };

/**
 * A pattern in the syntax of RE2: no look-around and no back references, and time linear in what is searched whatever
 * the pattern, because a caller waits while it runs. Never throws on a bad pattern.
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > maxPatternCharacters)
    return { ok: false, problem: `the pattern is longer than ${maxPatternCharacters} characters` };
  try {
    const regex = RE2JS.compile(pattern);
    if (regex.programSize() <= maxPatternInstructions) return { ok: true, regex };
    return { ok: false, problem: 'the pattern repeats too much: smaller numbers in its braces make it cheaper' };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, problem: error.message };
  }
}

/** What an administrator is told of a pattern that cannot be used; undefined for one that can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === '') return 'expected a pattern';
  const compiled = compilePattern(pattern);
  if (compiled.ok) return undefined;
  return `expected a pattern in the syntax of RE2 (no look-around, no back references): ${compiled.problem}`;
}
