import { type FlowPrompt, parseTemplate, type Template } from '@patchcord/contracts';
import { type RenderedTemplate, renderTemplate, type Scope } from '@patchcord/expressions';
import type { Heard } from './instruction.ts';

/** Longest text that is said (characters): the values of a call are not limited as its author is. */
const maxSpoken = 4000;
const maxName = 256;

type Prompt = FlowPrompt | { readonly text: string; readonly language?: string; readonly voice?: string };

export interface HeardPrompts {
  readonly prompts: Heard[];
  /** What is missing, without values. */
  readonly notes: string[];
}

/** Prompts with the values of the call. One that comes to nothing is left out. Never throws. */
export function renderPrompts(prompts: readonly Prompt[], scope: Scope): HeardPrompts {
  const notes: string[] = [];
  const heard = prompts.flatMap((prompt) => {
    const rendered = 'sound' in prompt ? renderSound(prompt.sound, scope) : renderSpeech(prompt, scope);
    notes.push(...rendered.notes);
    return rendered.heard === undefined ? [] : [rendered.heard];
  });
  return { prompts: heard, notes };
}

interface HeardPrompt {
  readonly heard?: Heard;
  readonly notes: readonly string[];
}

function renderSound(text: string, scope: Scope): HeardPrompt {
  const { text: name, notes } = renderParts(text, scope, (value) => value.replace(/[^\p{L}\p{N}_-]/gu, ''));
  return name.trim() === ''
    ? { notes: [...notes, 'a sound without a name is left out'] }
    : { heard: { sound: name.slice(0, maxName) }, notes };
}

function renderSpeech({ text, language, voice }: Exclude<Prompt, { sound: string }>, scope: Scope): HeardPrompt {
  const said = renderParts(text, scope, (value) => value);
  const words = said.text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxSpoken);
  if (words === '') return { notes: [...said.notes, 'a text without words is left out'] };
  const settings = Object.entries({ language, voice }).flatMap(([key, template]) => {
    const name = template === undefined ? undefined : renderName(template, scope);
    return name?.ok === true ? [[key, name.name]] : [];
  });
  return { heard: { text: words, ...Object.fromEntries(settings) }, notes: said.notes };
}

type RenderedName =
  | { readonly ok: true; readonly name: string }
  /** Without values. */
  | { readonly ok: false; readonly why: string };

/** What a value may add to a name. Commas, slashes, `@`, `&` and `$` mean more to a dialplan: another host, another way. */
const isNamePart = /^[\p{L}\p{N} _+*#.-]*$/u;

/** The name of a queue, a number and the like, with the values of the call. Never throws. */
export function renderName(text: string, scope: Scope): RenderedName {
  let wrong = false;
  const { text: name, notes } = renderParts(text, scope, (value) => {
    wrong ||= !isNamePart.test(value);
    return value;
  });
  if (wrong) return { ok: false, why: 'a value in it has characters that no name has' };
  if (name.trim() === '') return { ok: false, why: ['it is empty', ...notes].join('; ') };
  return name.length > maxName ? { ok: false, why: `it is longer than ${maxName} characters` } : { ok: true, name };
}

function renderParts(text: string, scope: Scope, change: (value: string) => string): RenderedTemplate {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return { text: '', notes: ['the text cannot be read'] };
  const rendered = parsed.template.parts.map((part) => renderPart(part, scope, change));
  return { text: rendered.map((one) => one.text).join(''), notes: rendered.flatMap(({ notes }) => notes) };
}

function renderPart(
  part: Template['parts'][number],
  scope: Scope,
  change: (value: string) => string,
): RenderedTemplate {
  if (typeof part === 'string') return { text: part, notes: [] };
  const { text, notes } = renderTemplate({ parts: [part] }, scope, 'none');
  return { text: change(text), notes };
}
