import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SiteFacts } from '../../src/index.ts';
import { type EchoSite, multipartParts, read, startEchoSite } from './echo-site.ts';
import { facts, post, rendered, row, siteOf } from './fixture.ts';

/** Whatever a caller, a CRM's column or an agent's comment may hold arrives as it was, read by somebody else's parser. */
let echo: EchoSite;
beforeAll(async () => {
  echo = await startEchoSite();
});
afterAll(() => echo.close());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '\r',
      '\n',
      '\\',
      'n',
      '"',
      '%',
      '0',
      'A',
      '&',
      '=',
      '+',
      ' ',
      ';',
      '\0',
      '\u2028',
      '\t',
      '-',
      '.',
      '/',
      '{',
      '}',
      'é',
      '😀',
    ),
  }),
);
const names = ['a', 'b.c', 'd[0]', '__proto__x', 'e:f-g_'];
const texts = fc.array(text, { minLength: 1, maxLength: names.length });
const runs = { numRuns: 150 };

const holding = (values: readonly string[]): SiteFacts => ({
  ...facts,
  sample: { variable: Object.fromEntries(values.map((value, at) => [`v${at}`, value])) },
});
const tableOf = (values: readonly string[]) => values.map((_, at) => row(`variable.v${at} as ${names[at]}`));
const expected = (values: readonly string[]) => values.map((value, at) => [names[at], value]);

describe('any text survives', () => {
  it.each(['urlencoded', 'text'] as const)('%s', async (format) => {
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const arrived = await echo.receive(
          rendered(post(format, { url: echo.origin }), tableOf(values), holding(values)),
        );
        expect(read[format](arrived)).toEqual(Object.fromEntries(expected(values)));
      }),
      runs,
    );
  });

  it.each([false, true])('multipart, as files: %s', async (multipartAsFiles) => {
    const site = post('multipart', { url: echo.origin, compatibility: { multipartAsFiles } });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const parts = await multipartParts(await echo.receive(rendered(site, tableOf(values), holding(values))));
        expect(parts.map(({ name, value }) => [name, value])).toEqual(expected(values));
      }),
      runs,
    );
  });

  it('json', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const table = values.map((_, at) => row(`variable.v${at} as k${at}`));
        const arrived = await echo.receive(rendered(post('json', { url: echo.origin }), table, holding(values)));
        expect(read.json(arrived)).toEqual(Object.fromEntries(values.map((value, at) => [`k${at}`, value])));
      }),
      runs,
    );
  });

  it('json with values of any kind', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given = { ...facts, sample: { variable: { v: value } } };
        const { body = '' } = rendered(post('json'), [row('variable.v as v')], given);
        expect(JSON.parse(body)).toEqual({ v: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it('a query', async () => {
    const site = siteOf({ url: `${echo.origin}?key=1` });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const arrived = await echo.receive(rendered(site, tableOf(values), holding(values)));
        expect(read.query(arrived)).toEqual({ key: '1', ...Object.fromEntries(expected(values)) });
      }),
      runs,
    );
  });

  it('a path, a query and a header at once', async () => {
    const site = siteOf({ url: `${echo.origin}/a/{v}/b?q={v}`, headers: { 'X-V': '{v}' } });
    const isNoStep = (value: string): boolean => value !== '.' && value !== '..';
    await fc.assert(
      fc.asyncProperty(text.filter(isNoStep), async (value) => {
        const arrived = await echo.receive(rendered(site, [row('variable.v0 as {v}')], holding([value])));
        const url = new URL(arrived.target, 'http://x');
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', value, 'b']);
        expect(url.searchParams.get('q')).toBe(value);
        expect(decodeURIComponent(String(arrived.headers['x-v']))).toBe(value);
      }),
      runs,
    );
  });
});

it('halves of surrogate pairs become U+FFFD instead of an error', () => {
  const given = holding(['a\ud83db']);
  const table = [row('variable.v0 as v')];
  expect(rendered(siteOf({ url: 'https://crm.example/' }), table, given).url).toBe(
    'https://crm.example/?v=a%EF%BF%BDb',
  );
  expect(rendered(post('text'), table, given).body).toBe('v=a\ufffdb\r\n');
});

it('the same facts give the same bytes', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('urlencoded', 'text', 'multipart', 'json'), (values, format) => {
      const once = rendered(post(format), tableOf(values), holding(values));
      expect(rendered(post(format), tableOf(values), structuredClone(holding(values)))).toEqual(once);
    }),
  );
});
