import { type CompiledPattern, compilePattern } from '@patchcord/contracts';

/** Longest text that is searched (characters). A CRM that answers more is not answering with a field's value. */
const maxRegexInput = 1024;

/** Rows are compared again for each call, so their patterns are kept. Bounded: a tenant may change rows for ever. */
const maxKept = 1000;
const kept = new Map<string, CompiledPattern>();

/**
 * Searches for a pattern ({@link compilePattern}). Not anchored; `(?i)` ignores case. `operator`: what notes call it.
 */
export function matchRegex(
  input: string,
  pattern: string,
  operator = 'regex',
): { readonly matched: boolean; readonly note?: string } {
  if (pattern === '')
    return { matched: false, note: `"${operator}" has nothing to look for: the row's value is empty` };
  const compiled = compile(pattern);
  if (!compiled.ok) return { matched: false, note: `the pattern cannot be used: ${compiled.problem}` };
  if (input.length > maxRegexInput) {
    const note = `the value is longer than the ${maxRegexInput} characters that "${operator}" searches`;
    return { matched: false, note };
  }
  return { matched: compiled.regex.test(input) };
}

function compile(pattern: string): CompiledPattern {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const compiled = compilePattern(pattern);
  if (kept.size >= maxKept) kept.clear();
  kept.set(pattern, compiled);
  return compiled;
}
