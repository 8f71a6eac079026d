import { describe, expect, it } from 'vitest';
import { renderPopAction, renderServerRequest } from '../../src/index.ts';
import { facts, post, rendered, row, siteOf, valueRow, withValue } from './fixture.ts';

const urlOf = (url: string, parameters = [row('fixed.é as lang')]): string => rendered(siteOf({ url }), parameters).url;

describe('the query of the URL', () => {
  it.each([
    ['https://crm.example', 'https://crm.example?lang=%C3%A9'],
    ['https://crm.example?', 'https://crm.example?lang=%C3%A9'],
    ['https://crm.example/', 'https://crm.example/?lang=%C3%A9'],
    ['https://crm.example/a?&&x=1&', 'https://crm.example/a?x=1&lang=%C3%A9'],
    ['https://crm.example/a?x=1&x=2', 'https://crm.example/a?x=1&x=2&lang=%C3%A9'],
    ['https://crm.example/a?x=a+b%20c', 'https://crm.example/a?x=a+b%20c&lang=%C3%A9'],
    ['https://crm.example/ñ d?q=<ü>', 'https://crm.example/%C3%B1%20d?q=%3C%C3%BC%3E&lang=%C3%A9'],
    ['https://bücher.example/a', 'https://xn--bcher-kva.example/a?lang=%C3%A9'],
    [' https://crm.example/a\n', 'https://crm.example/a?lang=%C3%A9'],
  ])('%s - merged, the rest as it was written', (url, expected) => {
    expect(urlOf(url.trim())).toBe(expected);
  });

  it('what the URL says stays and is not said twice; the note says so and holds no value', () => {
    const result = renderServerRequest(
      siteOf({ url: 'https://crm.example/?lang=es' }),
      [row('fixed.secret as lang')],
      facts,
    );
    expect(result).toMatchObject({ ok: true, value: { url: 'https://crm.example/?lang=es' } });
    expect(result).toMatchObject({ notes: ['the parameter "lang" is not sent: the URL\'s own query has that name'] });
  });

  it('a placeholder that is left out makes room for the parameter of that name', () => {
    expect(urlOf('https://crm.example/?lang={x}')).toBe('https://crm.example/?lang=%C3%A9');
  });

  it('parameters of one name are both sent, in their order', () => {
    expect(urlOf('https://crm.example/', [row('fixed.1 as id[]'), row('fixed.2 as id[]')])).toBe(
      'https://crm.example/?id%5B%5D=1&id%5B%5D=2',
    );
  });
});

describe('placeholders', () => {
  it('are filled in path, query and fragment, named or numbered, several times', () => {
    const site = siteOf({
      url: 'https://crm.example/{1}-{1}/{idClient}?a={1}&{idClient}=b#/{1}?x={idClient}',
      trigger: 'agent',
      target: 'new-tab',
    });
    const table = [valueRow('{1}'), row('call.contact_id as {idClient}')];
    const path = 'https://crm.example/x%2Fy-x%2Fy/321321321?a=x%2Fy&321321321=b';
    expect(rendered(site, table, withValue('x/y')).url).toBe(path);
    expect(renderPopAction(site, table, withValue('x/y'))).toMatchObject({
      value: { kind: 'navigate', url: `${path}#/x%2Fy?x=321321321` },
    });
  });

  it('a value is not looked into for placeholders, nor for patterns of replacement', () => {
    const site = siteOf({ url: 'https://crm.example/{1}/{2}' });
    expect(rendered(site, [valueRow('{1}'), row('fixed.z as {2}')], withValue("{2}$&$'")).url).toBe(
      "https://crm.example/%7B2%7D%24%26%24'/z",
    );
  });

  it.each([
    ['/a/{v}/b', '..'],
    ['/a/{v}/b', '.'],
    ['/a/.{v}/b', '.'],
    ['/a/%2E{v}', '.'],
    ['/a/{v}{v}', '.'],
  ])('%s with "%s" - refused: it would lead to another folder', (path, value) => {
    const site = siteOf({ url: `https://crm.example${path}` });
    expect(renderServerRequest(site, [valueRow('{v}')], withValue(value))).toEqual({
      ok: false,
      parameter: '{v}',
      message: 'its value is "." or "..", which in a path means another folder',
    });
  });

  it.each(['...', '.a', '%2e%2e', '../..'])('"%s" is a segment like any other', (value) => {
    const { url } = rendered(siteOf({ url: 'https://crm.example/a/{v}/b' }), [valueRow('{v}')], withValue(value));
    expect(new URL(url).pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', value, 'b']);
  });

  it('dots of the administrator stay', () => {
    expect(urlOf('https://crm.example/a/../b', [row('fixed.1 as {x}')])).toBe('https://crm.example/a/../b');
  });
});

describe('headers', () => {
  const header = (value: unknown, template = '{v}'): string | undefined =>
    rendered(post('json', { headers: { 'X-Name': template } }), [valueRow('{v}')], withValue(value)).headers['x-name'];

  it.each([
    ['plain text; "quoted"', 'plain text; "quoted"'],
    ['José', 'Jos%C3%A9'],
    ['日本 😀', '%E6%97%A5%E6%9C%AC %F0%9F%98%80'],
    ['a\r\nX-Forged: 1\0', 'a%0D%0AX-Forged: 1%00'],
    [' two  spaces ', '%20two  spaces%20'],
    ['100%', '100%25'],
    ['\ud800', '%EF%BF%BD'],
    [42, '42'],
  ])('%j', (value, expected) => {
    expect(header(value)).toBe(expected);
  });

  it('what the administrator wrote stays as it is', () => {
    expect(header('x', 'rate=100%; who={v}')).toBe('rate=100%; who=x');
  });
});
