import { z } from 'zod';

/**
 * The syntax of expressions and of texts with placeholders.
 *
 * An expression names a value by a path: `call.from`, `ivr.customer.name`, `call.recordings.0.url`. In a text it stands
 * in braces: `Dear {ivr.name}`. What follows a bar is used when there is no value, or an empty one: `{ivr.name|Sir or
 * Madam}`; it may be empty, which says that nothing is missing. `{{` and `}}` are braces of the text itself. Within what
 * follows the bar, `\{`, `\}` and `\\` are a brace and a backslash. Nothing is ever computed or called.
 */

/** Longest template, name and path, and most placeholders. A text of that length is still read in one pass. */
export const templateLimits = { characters: 65_536, placeholders: 500, nameCharacters: 256, pathSegments: 16 } as const;

/** The name of a value: `ivr.customer.name` is `['ivr', 'customer', 'name']`. */
export interface Expression {
  readonly name: string;
  readonly path: readonly string[];
}

export interface Placeholder extends Expression {
  /** What is written when there is no value. Absent: nothing is, and a note says so. */
  readonly fallback?: string;
}

export interface Template {
  /** Text as it will be written, and placeholders. No two texts follow each other; none is empty. */
  readonly parts: readonly (string | Placeholder)[];
}

/** What is wrong with a text that an administrator wrote. */
export interface TemplateProblem {
  /** Where, in UTF-16 units from 0. */
  readonly at: number;
  /** What should stand there. Begins in lower case, to follow "expected". */
  readonly expected: string;
}

export type Parsed<Name extends string, T> =
  | ({ readonly ok: true } & { readonly [Key in Name]: T })
  | { readonly ok: false; readonly problem: TemplateProblem };

export type ParsedTemplate = Parsed<'template', Template>;
export type ParsedExpression = Parsed<'expression', Expression>;

const failed = (at: number, expected: string): { ok: false; problem: TemplateProblem } => ({
  ok: false,
  problem: { at, expected },
});

/** Reads an expression, bare or as a single placeholder: `ivr.email`, `{ivr.email}`. Never throws. */
export function parseExpression(text: string): ParsedExpression {
  const bare = text.trim();
  const inBraces = bare.startsWith('{') && bare.endsWith('}');
  return parseName(inBraces ? bare.slice(1, -1) : bare, 0);
}

function parseName(text: string, at: number): ParsedExpression {
  const name = text.trim();
  if (name.length > templateLimits.nameCharacters)
    return failed(at, `a name of at most ${templateLimits.nameCharacters} characters`);
  const path = name.split('.');
  if (!/^\p{L}/u.test(name) || !path.every(isSegment))
    return failed(at, 'a name of letters, digits, "_" and "-", with dots between its parts, e.g. "call.from.number"');
  if (path.length > templateLimits.pathSegments)
    return failed(at, `a name of at most ${templateLimits.pathSegments} parts`);
  return { ok: true, expression: { name, path } };
}

const isSegment = (segment: string): boolean => /^[\p{L}\p{M}\p{N}_-]+$/u.test(segment);

/** Reads a text with placeholders, in one pass. Never throws. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > templateLimits.characters)
    return failed(templateLimits.characters, `a text of at most ${templateLimits.characters} characters`);
  const parts: (string | Placeholder)[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const brace = indexOfAny(/[{}]/g, text, at);
    literal += text.slice(at, brace);
    if (brace === text.length) break;
    if (text[brace + 1] === text[brace]) {
      literal += text[brace];
      at = brace + 2;
      continue;
    }
    const read = readPlaceholder(text, brace);
    if (!read.ok) return read;
    if (parts.length >= 2 * templateLimits.placeholders)
      return failed(brace, `at most ${templateLimits.placeholders} placeholders`);
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(read.placeholder);
    at = read.end;
  }
  if (literal !== '') parts.push(literal);
  return { ok: true, template: { parts } };
}

type Read<Name extends string, T> =
  | ({ readonly ok: true; readonly end: number } & { readonly [Key in Name]: T })
  /** `toEnd`: nothing closes it up to the end of the text, nor any brace that stands further on. */
  | { readonly ok: false; readonly problem: TemplateProblem; readonly toEnd?: true };

/** The placeholder that the brace at `open` begins; `end` is where the text goes on. */
export function readPlaceholder(text: string, open: number): Read<'placeholder', Placeholder> {
  if (text[open] === '}') return failed(open, '"}}" for a brace of the text itself: this one closes nothing');
  const stop = indexOfAny(/[|{}]/g, text, open + 1);
  if (stop === text.length || text[stop] === '{')
    return failed(open, 'a name and "}" behind this brace, or "{{" for a brace of the text itself');
  const named = parseName(text.slice(open + 1, stop), open + 1);
  if (!named.ok) return failed(open + 1, `${named.problem.expected}, or "{{" for a brace of the text itself`);
  if (text[stop] === '}') return { ok: true, placeholder: named.expression, end: stop + 1 };
  const read = readFallback(text, stop);
  return read.ok ? { ok: true, placeholder: { ...named.expression, fallback: read.fallback }, end: read.end } : read;
}

/** What stands behind the bar, up to the brace that closes the placeholder. */
function readFallback(text: string, bar: number): Read<'fallback', string> {
  let fallback = '';
  let at = bar + 1;
  while (at < text.length) {
    const stop = indexOfAny(/[\\{}]/g, text, at);
    fallback += text.slice(at, stop);
    if (text[stop] === '}') return { ok: true, fallback, end: stop + 1 };
    if (text[stop] === '{') return failed(stop, '"\\{" for a brace within what is written when there is no value');
    const isEscape = /^[\\{}]$/.test(text[stop + 1] ?? '');
    fallback += isEscape ? text[stop + 1] : (text[stop] ?? '');
    at = stop + (isEscape ? 2 : 1);
  }
  return { ...failed(bar, '"}" behind what is written when there is no value'), toEnd: true };
}

/** Where a pattern with the flag `g` first matches from `from` on; the end of the text when it does not. */
function indexOfAny(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** The inverse of {@link parseTemplate}. */
export const printTemplate = ({ parts }: Template): string => parts.map(printPart).join('');

function printPart(part: string | Placeholder): string {
  if (typeof part === 'string') return part.replace(/[{}]/g, '$&$&');
  return part.fallback === undefined
    ? `{${part.name}}`
    : `{${part.name}|${part.fallback.replace(/[\\{}]/g, String.raw`\$&`)}}`;
}

/** The placeholders of a template, in order. */
export const placeholdersOf = ({ parts }: Template): Placeholder[] => parts.filter((part) => typeof part !== 'string');

/** A problem in words for whoever wrote the text; characters count from 1. */
export const templateMessage = ({ at, expected }: TemplateProblem): string =>
  `expected ${expected} (at character ${at + 1})`;

/** A text with placeholders, checked when it is saved. */
export const templateText = (maxCharacters: number): z.ZodType<string, string> =>
  z
    .string()
    .max(maxCharacters)
    .superRefine((text, context) => {
      const parsed = parseTemplate(text);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: templateMessage(parsed.problem) });
    });

/** An expression, checked when it is saved. */
export const expressionText = z
  .string()
  .max(templateLimits.nameCharacters + 2)
  .superRefine((text, context) => {
    const parsed = parseExpression(text);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: `expected ${parsed.problem.expected}` });
  });
