import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callTextParts, printTemplate, urlTemplateProblem } from '../src/index.ts';

const shown = (text: string): string[] =>
  callTextParts(text).map((part) => (typeof part === 'string' ? part : `<${part.name}:${part.fallback ?? ''}>`));

describe('texts in which braces may mean something else', () => {
  it.each([
    ['{call.from}', ['<call.from:>']],
    ['a{ call.from.number }b', ['a', '<call.from.number:>', 'b']],
    ['{ivr.lang|en}{app.inputReader.reference}', ['<ivr.lang:en>', '<app.inputReader.reference:>']],
    ['{ivr.name|a?b#c&d/e}', ['<ivr.name:a?b#c&d/e>']],
    [String.raw`{ivr.name|\{call.id\}}`, ['<ivr.name:{call.id}>']],
    ['{"a":{call.duration}}', ['{"a":', '<call.duration:>', '}']],
    ['{var.CAMPAIGN}-{agent.id}-{queue.name}-{recording.url}', 7],
  ])('%s - placeholders', (text, expected) => {
    expect(typeof expected === 'number' ? shown(text).length : shown(text)).toEqual(expected);
  });

  it.each([
    '{1}',
    '{idClient}',
    '{call}',
    '{call.}',
    '{call.from',
    '{{call.from}}',
    '{% if call.from %}',
    '{contact.name}',
    '{Call.from}',
    '{recall.from}',
    '{call.from|{x}}',
    '{call. from}',
    '{"call.from":1}',
    '{"call":{"from":1}}',
    'function () { call.from() }',
    '}{',
  ])('%s - text as it stands', (text) => {
    expect(callTextParts(text)).toEqual([text]);
  });

  it('nothing is no part', () => expect(callTextParts('')).toEqual([]));

  it('no text makes the reader throw or lose a character, and what it reads is read again the same', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '{{',
      '}}',
      'call.',
      'ivr.a',
      'from',
      '|',
      '\\',
      ' ',
      '.',
      'é',
      '{call.from}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const parts = callTextParts(pieces.join(''));
        const printed = parts.map((part) => (typeof part === 'string' ? part : printTemplate({ parts: [part] })));
        expect(callTextParts(printed.join(''))).toEqual(parts);
        const texts = parts.filter((part) => typeof part === 'string');
        expect(parts.length > 0 || pieces.join('') === '').toBe(true);
        expect(texts.every((text) => pieces.join('').includes(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('a long text of openings is read in one pass', () => {
    const begun = performance.now();
    expect(callTextParts('{call.'.repeat(20_000))).toHaveLength(1);
    expect(callTextParts('{ivr.a|'.repeat(20_000))).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('the URL of a site with expressions', () => {
  it.each([
    'https://crm.example/track/{app.inputReader.reference}?mail={ivr.email}&lang={ivr.lang|en}#{call.id}',
    'https://crm.example/{1}/{call.from}?a={idClient}',
    'https://crm.example?q={ivr.q|a?b#c/d}',
    'https://crm.example/{call.form}',
  ])('%s - accepted', (url) => {
    expect(urlTemplateProblem(url)).toBeUndefined();
  });

  it.each([
    ['https://{call.from}.crm.example/', /^expected no placeholder in the host/],
    ['https://{ivr.host|crm.example}/', /^expected no placeholder in the host/],
    ['https://crm.example:{ivr.port}/', /^expected .*(host|URL)/],
    ['https://crm.example{call.from}/', /^expected no placeholder in the host/],
    ['https:///{call.from}/', /^expected no placeholder in the host/],
    ['https:///{1}/', /^expected no placeholder in the host/],
    ['https://\t/{1}/', /^expected no placeholder in the host/],
    ['https://\\{1}/', /^expected no placeholder in the host/],
    ['https://{call.from}@crm.example/', /^expected no (placeholder in the host|user)/],
    ['https://user:{ivr.pass}@crm.example/', /^expected no (placeholder in the host|user)/],
    ['{ivr.scheme}://crm.example/', /^expected an http/],
    ['{ivr.url}', /^expected an http/],
    ['https://crm.example/{contact.name}', /such as \{call\.from\} or \{ivr\.lang\|en\}, not "\{contact\.name\}"$/],
    ['https://crm.example/{{call.from}}', /^expected balanced braces/],
    ['https://crm.example/{call.from', /^expected balanced braces/],
  ])('%s - refused', (url, message) => {
    expect(urlTemplateProblem(url)).toMatch(message);
  });
});
