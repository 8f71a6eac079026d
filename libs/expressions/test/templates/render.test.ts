import { validateHeaderValue } from 'node:http';
import { parse as parseCsv } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callScope, type Encoding } from '../../src/index.ts';
import { full, offered, render, scopeOf } from './fixture.ts';

const text = (given: string, data: Readonly<Record<string, unknown>> = {}): string => render(given, scopeOf(data)).text;

describe('templates - values', () => {
  it.each<[unknown, string]>([
    ['text', 'text'],
    ['', ''],
    [0, '0'],
    [-1.5, '-1.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-2e-7, '-0.0000002'],
    [true, 'true'],
    [false, 'false'],
    [['gold', 7, true], 'gold,7,true'],
    [[], ''],
    [[{ a: 1 }], '[{"a":1}]'],
    [{ a: [1, null] }, '{"a":[1,null]}'],
    [new Date('2026-11-20T23:41:21.100Z'), '2026-11-20T23:41:21.100Z'],
    [12n, '12'],
    ['half \ud800', 'half \ufffd'],
    ['{ivr.other}', '{ivr.other}'],
  ])('a value is written as text (%#)', (value, expected) => {
    expect(render('<{ivr.v}>', scopeOf({ 'ivr.v': value, 'ivr.other': 'no' }))).toEqual({
      text: `<${expected}>`,
      notes: [],
    });
  });

  it('is the example of the reference', () => {
    const given = 'https://shop.example/{call.from.number}/{app.inputReader.reference}?id={call.id}';
    expect(render(given, callScope(full, { region: 'US' }), 'url-path').text).toBe(
      'https://shop.example/%2B14155550123/4711ABC?id=c-1',
    );
  });

  it.each<[string, string, RegExp[]]>([
    ['{ivr.none}', '', [/^"ivr.none": the call has no such value$/]],
    ['{ivr.none|there}', 'there', []],
    ['{ivr.none|}', '', []],
    ['{ivr.null}', '', [/^"ivr.null": its value is null$/]],
    ['{ivr.null|there}', 'there', []],
    ['{ivr.empty}', '', []],
    ['{ivr.empty|there}', 'there', []],
    ['{ivr.zero|there}', '0', []],
    ['{ivr.no|there}', 'false', []],
    ['{sms.text}', '', [/^"sms.text": there is no "sms" here/]],
    ['{sms.text|none}', 'none', [/^"sms.text": there is no "sms" here/]],
    ['{call.form}', '', [/^"call.form": no call ever has/]],
  ])('%s is %j, with notes %j', (given, expected, notes) => {
    const data = { 'ivr.null': null, 'ivr.empty': '', 'ivr.zero': 0, 'ivr.no': false };
    const rendered = render(`a ${given} b`, scopeOf(data));
    expect(rendered.text).toBe(`a ${expected} b`);
    expect(rendered.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
  });

  it('notes tell names and never values', () => {
    const data = { 'ivr.secret': Array<string>(1).fill('4711'.repeat(20_000)) };
    const { notes } = render('{ivr.secret}{ivr.other}', scopeOf(data));
    expect(notes).toEqual([expect.stringMatching(/"ivr.secret": its value is longer than 65536/), expect.any(String)]);
    expect(notes.join()).not.toContain('4711');
  });

  it('what cannot be written gives way to what stands behind the bar', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}{}${']'.repeat(5000)}`);
    const failing = {
      toJSON: () => {
        throw new Error('no');
      },
    };
    for (const value of [circle, failing, Number.NaN, () => 'called', Symbol('x'), new Date(Number.NaN), { a: 1n }])
      expect(render('{ivr.v|instead}', scopeOf({ 'ivr.v': value }))).toEqual({
        text: 'instead',
        notes: ['"ivr.v": its value cannot be written as text'],
      });
    expect(render('{ivr.v}', scopeOf({ 'ivr.v': deep })).text.length).toBeLessThanOrEqual(65_536);
  });

  it('values are bounded together, and the text of the template is kept whole', () => {
    const value = 'ä'.repeat(60_000);
    const { text: rendered, notes } = render(`${'{ivr.v}-'.repeat(100)}end`, scopeOf({ 'ivr.v': value }), 'url-query');
    expect(rendered.length).toBeLessThanOrEqual(1_048_576 + 103);
    expect(rendered.endsWith('-end')).toBe(true);
    expect(rendered.split('-').length).toBe(101);
    expect(notes).toHaveLength(98);
    expect(notes[0]).toMatch(/left out/);
  });
});

const hostile = [
  'José & Co',
  'a"b',
  "a'b",
  'x/y?z=1&w#f',
  '..',
  '../../admin',
  '%2e%2e',
  '100 %',
  '</script><script>alert(1)</script>',
  '" onmouseover="x',
  'a\r\nX-Injected: 1',
  'a\u0000b',
  '\ttab ',
  '  blanks  ',
  '=1+1',
  'a,b;c',
  'line\nbreak',
  '&lt;b&gt; &amp;amp;',
  '\\"; drop',
  '\u2028\u2029',
  '🎉 emoji',
  '{ivr.other} }} {{',
  '+14155550123',
];

const anyText = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
const encoded = (encoding: Encoding, value: string, around = '{ivr.v}'): string =>
  render(around, scopeOf({ 'ivr.v': value }), encoding).text;
const forEach = (check: (value: string) => void): void => {
  for (const value of hostile) check(value);
  fc.assert(fc.property(anyText, (value) => check(value.toWellFormed())));
};

describe('templates - encodings, read back by others', () => {
  it('a segment of a path: one segment, whatever the value', () => {
    forEach((value) => {
      const url = new URL(`https://crm.example${encoded('url-path', value, '/a/{ivr.v}/b')}`);
      const isDots = value === '.' || value === '..';
      const segments = url.pathname.split('/');
      expect(segments.length).toBe(4);
      expect(decodeURIComponent(segments[2] ?? '')).toBe(isDots ? '' : value);
      expect([url.search, url.hash]).toEqual(['', '']);
    });
    const { notes } = render('/a/{ivr.v}/b', scopeOf({ 'ivr.v': '..' }), 'url-path');
    expect(notes).toEqual([expect.stringMatching(/another folder/)]);
  });

  it('a query: names and values', () => {
    forEach((value) => {
      const { searchParams } = new URL(
        `https://crm.example/?${encoded('url-query', value, 'a=1&v={ivr.v}&b={ivr.v}')}`,
      );
      expect([...searchParams]).toEqual([
        ['a', '1'],
        ['v', value],
        ['b', value],
      ]);
    });
  });

  it('a header: one header, and decoding gives the value back', () => {
    forEach((value) => {
      const header = encoded('header', value);
      validateHeaderValue('x-value', header);
      expect(decodeURIComponent(new Headers({ 'x-value': header }).get('x-value') ?? '')).toBe(value);
    });
  });

  it('a text in JSON', () => {
    forEach((value) => {
      const body = encoded('json-string', value, '{{"a":"<{ivr.v}>","b":["{ivr.v}"]}}');
      expect(JSON.parse(body)).toEqual({ a: `<${value}>`, b: [value] });
    });
  });

  it('HTML: no character that ends a text or an attribute', () => {
    const named = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as Readonly<Record<string, string>>;
    forEach((value) => {
      const html = encoded('html', value);
      expect(html).not.toMatch(/[<>"']/);
      expect(html.replace(/&([^;]*);/g, (_, name: string) => named[name] ?? 'unknown')).toBe(value);
    });
  });

  it('CSV: one field in one record', () => {
    forEach((value) => {
      const records: unknown = parseCsv(`first,${encoded('csv', value)},last\r\nnext,record,x\r\n`, { bom: false });
      expect(records).toEqual([
        ['first', value, 'last'],
        ['next', 'record', 'x'],
      ]);
    });
    // Some readers end a record at a carriage return alone.
    expect(encoded('csv', 'a\rb')).toBe('"a\rb"');
  });

  it("encodes what stands behind the bar as a value, and leaves the template's own text alone", () => {
    expect(render('/a b/{ivr.none|x/y}', scopeOf({}), 'url-path').text).toBe('/a b/x%2Fy');
    expect(render('<b>{ivr.none|<i>}</b>', scopeOf({}), 'html').text).toBe('<b>&lt;i&gt;</b>');
  });
});

describe('templates - properties', () => {
  const encodings: Encoding[] = ['none', 'url-path', 'url-query', 'header', 'json-string', 'html', 'csv'];

  it('rendering never throws, and a text without placeholders is kept', () => {
    const names = fc.constantFrom(
      'ivr.v',
      'ivr.v.a.0',
      'ivr.none',
      'sms.x',
      'call.from',
      'ivr',
      'ivr.v|d',
      '__proto__',
    );
    const given = fc.array(
      fc.oneof(
        names.map((name) => `{${name}}`),
        anyText,
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        given,
        fc.anything({ withDate: true, withBigInt: true, withNullPrototype: true }),
        (pieces, value) => {
          for (const encoding of encodings) {
            const source = pieces.map((piece) =>
              piece.startsWith('{') && piece.endsWith('}') ? piece : piece.replace(/[{}]/g, '$&$&'),
            );
            if (source.includes('{__proto__}')) continue;
            const { text: rendered } = render(source.join(''), scopeOf({ 'ivr.v': value }), encoding);
            expect(typeof rendered).toBe('string');
          }
        },
      ),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(anyText, (own) => {
        for (const encoding of encodings)
          expect(render(own.replace(/[{}]/g, '$&$&'), scopeOf({}), encoding).text).toBe(own);
      }),
    );
  });

  it.each<[string, string]>([
    ['blanks', ' '.repeat(60_000)],
    ['blanks before an end', `${' '.repeat(60_000)}x`],
    ['quotes', '"'.repeat(60_000)],
    ['percent signs', '%'.repeat(60_000)],
    ['lone surrogates', '\ud800'.repeat(60_000)],
  ])('a long value of %s is encoded in one pass', (_, value) => {
    for (const encoding of encodings)
      expect(render('{ivr.v}', scopeOf({ 'ivr.v': value }), encoding).text).not.toBe('');
  });

  it('a session is not changed by reading it', () => {
    const before = structuredClone(full);
    render('{ivr}{call.recordings}{ivr.customer}', callScope(full));
    expect(full).toEqual(before);
    expect(text('{ivr.a}', { 'ivr.a': Object.freeze({ b: 1 }) })).toBe('{"b":1}');
    expect(offered).not.toHaveProperty('data');
  });
});
