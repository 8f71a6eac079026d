import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Parsed,
  parseExpression,
  parseListTemplate,
  parseTemplate,
  printTemplate,
  type Template,
  templateLimits,
  templateText,
} from '../src/index.ts';

type Part = string | readonly [name: string, fallback?: string];

const parts = ({ parts }: Template): Part[] =>
  parts.map((part) =>
    typeof part === 'string' ? part : part.fallback === undefined ? [part.name] : [part.name, part.fallback],
  );

function parsed(text: string): Part[] {
  const result = parseTemplate(text);
  if (!result.ok) throw new Error(result.problem.expected);
  return parts(result.template);
}

function problem(result: Parsed<string, unknown>): { at: number; expected: string } {
  if (result.ok) throw new Error('expected a problem');
  return result.problem;
}

describe('templates - syntax', () => {
  it.each<[string, Part[]]>([
    ['', []],
    ['no placeholder', ['no placeholder']],
    ['{call.from}', [['call.from']]],
    ['{call.from.number}{ivr.email}', [['call.from.number'], ['ivr.email']]],
    ['Ref {app.inputReader.reference}!', ['Ref ', ['app.inputReader.reference'], '!']],
    ['{ ivr.name }', [['ivr.name']]],
    ['{ivr.straße-2.été_3}', [['ivr.straße-2.été_3']]],
    ['{ivr.name|there}', [['ivr.name', 'there']]],
    ['{ivr.name|}', [['ivr.name', '']]],
    ['{ivr.name| a | b }', [['ivr.name', ' a | b ']]],
    ['{ivr.name|\\{\\}\\\\ \\n}', [['ivr.name', '{}\\ \\n']]],
    ['{ivr.name|C:\\\\}', [['ivr.name', 'C:\\']]],
    ['{{call.from}}', ['{call.from}']],
    ['{{{call.from}}}', ['{', ['call.from'], '}']],
    ['{{"from":"{call.from}"}}', ['{"from":"', ['call.from'], '"}']],
    ['{ivr.a|b}}}', [['ivr.a', 'b'], '}']],
    ['}}{{', ['}{']],
    ['{ivr.__proto__.constructor}', [['ivr.__proto__.constructor']]],
  ])('reads %j', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  it.each([
    ['{', 0, /"\{\{" for a brace/],
    ['a {call.from', 2, /"}" behind this brace/],
    ['{"from": 1}', 1, /a name of letters.*"\{\{"/],
    ['{}', 1, /a name/],
    ['{ }', 1, /a name/],
    ['{1}', 1, /a name/],
    ['{call..from}', 1, /a name/],
    ['{call.from.}', 1, /a name/],
    ['{call.from()}', 1, /a name/],
    ['{call["from"]}', 1, /a name/],
    ['{__proto__}', 1, /a name/],
    ['x}', 1, /"}}" for a brace/],
    ['{a{b}}', 0, /"\{\{" for a brace/],
    ['{a|{b}}', 3, /"\\\{"/],
    ['ab {c|d', 5, /"}" behind what is written/],
    ['{c|d\\}', 2, /"}" behind what is written/],
    [`{${'a'.repeat(257)}}`, 1, /at most 256 characters/],
    [`{a${'.b'.repeat(16)}}`, 1, /at most 16 parts/],
    [`${'{a}'.repeat(1001)}`, 3000, /at most 500 placeholders/],
    ['x'.repeat(templateLimits.characters + 1), templateLimits.characters, /at most 65536 characters/],
  ])('says what is wrong with %.30j, where, and the remedy', (text, at, expected) => {
    expect(problem(parseTemplate(text))).toEqual({ at, expected: expect.stringMatching(expected) });
  });

  it('an expression stands bare or in braces', () => {
    for (const text of ['ivr.a.b', ' ivr.a.b ', '{ivr.a.b}', '{ ivr.a.b }']) {
      expect(parseExpression(text)).toEqual({
        ok: true,
        expression: { name: 'ivr.a.b', path: ['ivr', 'a', 'b'] },
      });
    }
    for (const text of ['', '{ivr.a', 'ivr.a|b', '{ivr.a}{ivr.b}', 'ivr a', '1 + 1', 'process.exit()'])
      expect(parseExpression(text).ok).toBe(false);
  });

  it('a field of configuration says where its text is wrong', () => {
    expect(templateText(100).parse('Dear {ivr.name|Sir}')).toBe('Dear {ivr.name|Sir}');
    expect(templateText(100).safeParse('Dear {ivr name}').error?.issues[0]?.message).toMatch(
      /^expected a name .*"\{\{".*\(at character 7\)$/,
    );
  });
});

describe('templates - properties', () => {
  const name = fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,8}(\.[A-Za-z0-9_-]{1,8}){0,4}$/);
  const fallback = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined });
  const text = fc.string({ unit: fc.constantFrom('{', '}', '\\', '|', 'a', '.', ' ', 'é'), maxLength: 40 });

  it('what is printed is read back', () => {
    const part = fc.oneof(
      text,
      fc.record({ name, fallback }).map(({ name, fallback }) => ({
        name,
        path: name.split('.'),
        ...(fallback === undefined ? {} : { fallback }),
      })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (list) => {
        const template: Template = { parts: list };
        const read = parseTemplate(printTemplate(template));
        expect(read.ok && read.template).toEqual({ parts: merged(list) });
      }),
    );
  });

  it('no text makes the parser throw, and what it reads prints to the same again', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 })), (given) => {
        const read = parseTemplate(given);
        if (!read.ok) {
          expect(read.problem.at).toBeLessThanOrEqual(given.length);
          return;
        }
        expect(parseTemplate(printTemplate(read.template))).toEqual(read);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['opening braces', '{'.repeat(65_535), false],
    ['closing braces', '}'.repeat(65_536), true],
    ['a placeholder that never ends', `{a|${'\\'.repeat(65_000)}`, false],
    ['a name that never ends', `{${'a.'.repeat(32_000)}`, false],
    ['a name of blanks', `{${' '.repeat(65_000)}a}`, true],
    ['pairs', '{{}}'.repeat(16_384), true],
    ['placeholders', '{a}'.repeat(500), true],
  ])('reads a long text of %s', (_, given, ok) => {
    expect(parseTemplate(given).ok).toBe(ok);
  });
});

function merged(list: Template['parts']): Template['parts'] {
  const parts: Template['parts'][number][] = [];
  for (const part of list) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== '') parts.push(part);
  }
  return parts;
}

describe('templates - lists', () => {
  it.each<[string, Part[][]]>([
    ['gold', [['gold']]],
    [' gold , silver ,, ', [['gold'], ['silver']]],
    ['gold,{ivr.level}, VIP {ivr.n|1,2} x', [['gold'], [['ivr.level']], ['VIP ', ['ivr.n', '1,2'], ' x']]],
    ['["a, b", 7, true, "{ivr.x}"]', [['a, b'], ['7'], ['true'], [['ivr.x']]]],
    ['[]', []],
    [' , ', []],
  ])('reads %j', (text, expected) => {
    const read = parseListTemplate(text);
    expect(read.ok && read.elements.map(parts)).toEqual(expected);
  });

  it.each(['[', '[null]', '[{}]', '[["a"]]', '["{"]', 'a,{'])('refuses %j', (text) => {
    expect(problem(parseListTemplate(text)).expected).not.toBe('');
  });
});
