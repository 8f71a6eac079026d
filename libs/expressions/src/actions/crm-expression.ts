import { parseTemplate, type Template } from '@patchcord/contracts';
import { renderTemplate } from '../templates/render.ts';
import { evaluate, foundValue, type Scope } from '../templates/scope.ts';

export type Written<Value> =
  | { readonly ok: true; readonly value: Value }
  /** What is wrong with it, by names and without values. */
  | { readonly ok: false; readonly message: string };

/**
 * An expression of a CRM's own query language with values in it. Every language has its own rules for quoting, so no value
 * is made fit: one that could be read as more than a value is refused. Within quotes it may hold anything but quotes,
 * backslashes and what stands for other characters; outside of quotes letters, digits and `_.:+@-`, but no comment of SQL,
 * no script of ServiceNow, and not the name of what it is compared with: that is true of every record. Never throws.
 */
export function renderCrmExpression(text: string, scope: Scope): Written<string> {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return { ok: false, message: 'it cannot be read' };
  let quote: string | undefined;
  let written = '';
  for (const part of parsed.template.parts) {
    if (typeof part === 'string') {
      quote = openQuote(part, quote);
      written += part;
      continue;
    }
    const value = renderTemplate({ parts: [part] }, scope, 'none').text;
    const problem = valueProblem(part.name, value, { quote, before: written, isList: isList(part, scope) });
    if (problem !== undefined) return { ok: false, message: problem };
    written += value;
  }
  return { ok: true, value: written };
}

type Placed = Exclude<Template['parts'][number], string>;

const isList = (part: Placed, scope: Scope): boolean => typeof foundValue(evaluate(part, scope)) === 'object';

/** The quotes that are open after a text; undefined: none. */
function openQuote(text: string, before: string | undefined): string | undefined {
  let open = before;
  for (const [, mark = ''] of text.matchAll(/\\.|(["'`])/gs)) {
    if (open === undefined && mark !== '') open = mark;
    else if (open === mark) open = undefined;
  }
  return open;
}

const inQuotes = /^[^"'`\\%*^\p{C}]*$/u;
const outsideQuotes = /^[\p{L}\p{N}_.:+@-]*$/u;

interface Place {
  readonly quote: string | undefined;
  /** What is written already. */
  readonly before: string;
  readonly isList: boolean;
}

/** So many words before a value may name what it is compared with: `Account.Name eq {x}`. */
const comparedWords = 3;
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];

function isBareValue(value: string, before: string): boolean {
  if (!outsideQuotes.test(value) || value.includes('--') || /^javascript:/i.test(value)) return false;
  const compared = wordsOf(before).slice(-comparedWords);
  return !wordsOf(value).some((word) => compared.includes(word));
}

function valueProblem(name: string, value: string, { quote, before, isList: holdsMany }: Place): string | undefined {
  if (holdsMany) return `"{${name}}" is a list or an object: an expression takes single values`;
  if (value === '') return `"{${name}}" has no value: say behind a bar what stands for it, as in {${name}|0}`;
  if (quote === undefined ? isBareValue(value, before) : inQuotes.test(value)) return undefined;
  return `the value of "{${name}}" has characters that mean something in a query: search by "equals", which takes any value`;
}
