import { type Condition, parseListTemplate, parseTemplate, type Template } from '@patchcord/contracts';
import { renderEncoded, renderTemplate } from '../templates/render.ts';
import { evaluate, foundValue, type Scope } from '../templates/scope.ts';
import { comparableText } from './comparable.ts';
import { likeLiteral } from './like.ts';

/** What a value is compared with, placeholders filled. */
export interface Expected {
  readonly text: string;
  /** The elements, where the operator takes a list. */
  readonly list: readonly string[];
  readonly notes: readonly string[];
  /** A placeholder had no value and nothing in its stead: there is nothing to compare with. */
  readonly isIncomplete: boolean;
}

type Given = Pick<Condition, 'operator' | 'expectation'>;

/** Never throws: what could not be saved today, but is stored, is taken as it is written. */
export function expectedOf({ operator, expectation }: Given, scope: Scope): Expected {
  switch (operator) {
    case 'REGEXP':
      return plain(expectation);
    case 'IN_LIST':
    case 'NOT_IN_LIST':
      return listOf(expectation, scope);
    default:
      return textOf(expectation, scope, operator === 'LIKE' ? likeLiteral : (text) => text);
  }
}

const plain = (text: string, note?: string): Expected => ({
  text,
  list: [],
  notes: note === undefined ? [] : [note],
  isIncomplete: note !== undefined,
});

function textOf(expectation: string, scope: Scope, encode: (text: string) => string): Expected {
  const parsed = parseTemplate(expectation);
  if (!parsed.ok) return plain(expectation, `expected ${parsed.problem.expected}`);
  const { text, notes } = renderEncoded(parsed.template, scope, encode);
  return { text, list: [], notes, isIncomplete: notes.length > 0 };
}

/** Most elements, and characters in all of them: as many as all values of a call may bring. */
const longestList = { elements: 32_768, characters: 65_536 } as const;

/** Elements that are missing are left out: a list may be shorter today. One that is too long is compared with nothing. */
function listOf(expectation: string, scope: Scope): Expected {
  const parsed = parseListTemplate(expectation);
  if (!parsed.ok) return plain(expectation, `expected ${parsed.problem.expected}`);
  const list: string[] = [];
  const notes: string[] = [];
  let characters = 0;
  for (const element of parsed.elements) {
    const brought = elementsOf(element, scope);
    characters += brought.list.reduce((sum, { length }) => sum + length, 0);
    if (list.length + brought.list.length > longestList.elements || characters > longestList.characters) {
      return plain('', `the list is longer than ${longestList.elements} texts or ${longestList.characters} characters`);
    }
    list.push(...brought.list);
    notes.push(...brought.notes);
  }
  return { text: list.join(','), list, notes, isIncomplete: false };
}

/** A placeholder that stands alone may bring a list, or a text of several: those are elements each. */
function elementsOf(template: Template, scope: Scope): Pick<Expected, 'list' | 'notes'> {
  const brought = broughtList(template, scope);
  if (brought !== undefined) return { list: brought, notes: [] };
  const { text, notes } = renderTemplate(template, scope, 'none');
  return { list: text === '' && notes.length > 0 ? [] : [text], notes };
}

function broughtList({ parts }: Template, scope: Scope): string[] | undefined {
  const [sole] = parts;
  if (parts.length !== 1 || typeof sole !== 'object') return undefined;
  const value = foundValue(evaluate(sole, scope));
  if (Array.isArray(value)) return value.map(comparableText);
  const listed = typeof value === 'string' ? splitList(value) : [];
  return listed.length > 0 ? listed : undefined;
}

/** A list that somebody sent as text, in either way. Braces in it are characters. */
function splitList(text: string): string[] {
  const elements = text.trimStart().startsWith('[') ? jsonElements(text) : undefined;
  return elements ?? text.split(',').flatMap((one) => one.trim() || []);
}

function jsonElements(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(comparableText) : undefined;
  } catch {
    return undefined;
  }
}
