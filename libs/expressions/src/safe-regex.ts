import { RE2JS, RE2JSException } from 're2js';

/** Longest text that is searched (characters). A CRM that answers more is not answering with a field's value. */
const maxRegexInput = 1024;

/** Longest pattern (characters); as long as the contract allows a row's value to be. */
const maxRegexPattern = 256;

type Compiled = { readonly regex: RE2JS } | { readonly problem: string };

/** Rows are compared again for each call, so their patterns are kept. Bounded: a tenant may change rows for ever. */
const maxKept = 1000;
const kept = new Map<string, Compiled>();

/**
 * Searches for a pattern in the syntax of RE2: no look-around and no back references, and time linear in the input
 * whatever the pattern, because a caller waits while it runs. Not anchored; `(?i)` ignores case.
 */
export function matchRegex(input: string, pattern: string): { matched: boolean; note?: string } {
  if (pattern === '') return { matched: false, note: '"regex" has nothing to look for: the row\'s value is empty' };
  const compiled = compile(pattern);
  if ('problem' in compiled) return { matched: false, note: compiled.problem };
  if (input.length > maxRegexInput) {
    return { matched: false, note: `the value is longer than the ${maxRegexInput} characters that "regex" searches` };
  }
  return { matched: compiled.regex.test(input) };
}

function compile(pattern: string): Compiled {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const compiled = compileFresh(pattern);
  if (kept.size >= maxKept) kept.clear();
  kept.set(pattern, compiled);
  return compiled;
}

function compileFresh(pattern: string): Compiled {
  if (pattern.length > maxRegexPattern) return { problem: `the pattern is longer than ${maxRegexPattern} characters` };
  try {
    return { regex: RE2JS.compile(pattern) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { problem: `the pattern cannot be used: ${error.message}` };
  }
}
