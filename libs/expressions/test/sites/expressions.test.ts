import type { SiteParameter } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { renderPopAction, renderServerRequest, siteUrlProblems } from '../../src/index.ts';
import { outside, post, rendered, row, siteOf, withSession } from './fixture.ts';

const data = {
  'ivr.email': 'ann+1@example.com',
  'ivr.vip': true,
  'ivr.count': 3,
  'ivr.nothing': null,
  'ivr.empty': '',
  'ivr.tags': ['a', 'b'],
  'ivr.customer': { name: 'José & Co' },
  'app.inputReader.reference': '4711/ABC',
};
const given = withSession({ data, ani: '04155550123' });
const here = { ...given, tenant: { ...given.tenant, region: 'US' } };

const urlOf = (url: string, parameters: readonly SiteParameter[] = []): string =>
  rendered(siteOf({ url: `https://crm.example${url}` }), parameters, given).url.slice('https://crm.example'.length);

describe('expressions in the URL', () => {
  it.each([
    ['/track/{app.inputReader.reference}?mail={ivr.email}', '/track/4711%2FABC?mail=ann%2B1%40example.com'],
    ['/{ivr.customer.name}/{call.id}', '/Jos%C3%A9%20%26%20Co/c-1'],
    ['/?lang={ivr.lang|en}&a=1', '/?lang=en&a=1'],
    ['/?lang={ivr.lang|a?b#c&d=e/f}', '/?lang=a%3Fb%23c%26d%3De%2Ff'],
    ['/?tags={ivr.tags}&vip={ivr.vip}', '/?tags=a%2Cb&vip=true'],
    ['/?{ivr.count}={agent.id}', '/?3=1001'],
    ['/?v={var.Omlcrmcustomerid}', '/?v=4711'],
  ])('%s', (url, expected) => {
    expect(urlOf(url)).toBe(expected);
  });

  it.each([
    ['/a/{ivr.no}/b', '/a//b'],
    ['/?a={ivr.no}&b=1', '/?b=1'],
    ['/?a=x{ivr.no}&b=1', '/?a=x&b=1'],
    ['/?a={ivr.nothing}&b={ivr.empty}', '/?b='],
    ['/?a={ivr.no|}', '/?a='],
    ['/?{ivr.no}&b=1', '/?b=1'],
  ])('%s - what is missing is empty in a path and left out of a query', (url, expected) => {
    expect(urlOf(url)).toBe(expected);
  });

  it('beside placeholders of the table, which go on as they did', () => {
    const url = '/{1}/{call.id}?x={idClient}&from={call.from}';
    const table = [row('fixed.a as {1}'), row('fixed.b as {idClient}'), row('fixed.c as c')];
    expect(urlOf(url, table)).toBe('/a/c-1?x=b&from=04155550123&c=c');
    const kept = siteOf({ url: `https://crm.example${url}`, compatibility: { keepPlaceholders: true } });
    expect(rendered(kept, table, given).url).toBe(
      'https://crm.example/%7B1%7D/c-1?x=%7BidClient%7D&from=04155550123&c=c',
    );
  });

  it('numbers are read where the tenant is', () => {
    const site = siteOf({ url: 'https://crm.example/{call.from}/{call.from.national}' });
    expect(
      rendered(site, [], { ...here, session: { ...here.session, ani: '(415) 555-0123' } } as typeof here).url,
    ).toBe('https://crm.example/%2B14155550123/4155550123');
  });

  it.each(['.', '..'])('a value "%s" that would lead to another folder - refused, by its name', (value) => {
    const site = siteOf({ url: 'https://crm.example/a/{ivr.v}/b' });
    expect(renderServerRequest(site, [], withSession({ data: { 'ivr.v': value } }))).toMatchObject({
      ok: false,
      parameter: '{ivr.v}',
    });
  });

  it('GET without a table sends what its URL says, and without expressions everything essential', () => {
    expect(urlOf('/{call.id}')).toBe('/c-1');
    expect(urlOf('/x')).toContain('?event=answered&');
    expect(rendered(post('json', { url: 'https://crm.example/{call.id}' }), [], given).body).toContain('"event"');
  });

  it('notes name what is missing, and hold no values', () => {
    const site = siteOf({ url: 'https://crm.example/{ivr.no}?a={call.form}', headers: { X: '{call.outcome}' } });
    const result = renderServerRequest(site, [row('fixed.to {ivr.gone} as v')], given);
    expect(result).toMatchObject({
      notes: [
        '"ivr.gone": the call has no such value',
        '"ivr.no": the call has no such value',
        expect.stringContaining('"call.form": no call ever has "call.form"'),
        '"call.outcome": the call has no such value',
      ],
    });
  });

  it('outside a call there is an agent, and no call', () => {
    const site = siteOf({ url: 'https://crm.example/?a={agent.id}&c={call.id}&s={call.state}' });
    expect(renderServerRequest(site, [], outside)).toMatchObject({
      value: { url: 'https://crm.example/?a=1001' },
      notes: ['"call.id": there is no call', '"call.state": there is no call'],
    });
  });

  it('a screen pop: also without a table, and with the fragment', () => {
    const site = siteOf({
      url: 'https://crm.example/{app.inputReader.reference}?m={ivr.email}#/{call.id}',
      trigger: 'automatic',
      target: 'new-tab',
    });
    const url = 'https://crm.example/4711%2FABC?m=ann%2B1%40example.com';
    expect(renderPopAction(site, [], given)).toMatchObject({ value: { kind: 'navigate', url: `${url}#/c-1` } });
    expect(renderPopAction(site, [row('fixed.{ivr.vip} as vip')], given)).toMatchObject({
      value: { url: `${url}&vip=true#/c-1` },
    });
  });

  it('a name that no call has is refused, with the one that was meant', () => {
    expect(siteUrlProblems(siteOf({ url: 'https://crm.example/{call.form}' }))).toEqual([
      { path: 'url', expected: 'names that calls have: there is no "call.form": did you mean {call.from}?' },
    ]);
    expect(siteUrlProblems(siteOf({ url: 'https://crm.example/{call.from}/{1}/{ivr.anything}' }))).toEqual([]);
  });
});

describe('expressions in headers', () => {
  const headersOf = (headers: Record<string, string>) =>
    rendered(siteOf({ headers }), [row('fixed.1 as {1}')], given).headers;

  it('values as headers can carry them; what is missing goes with its header', () => {
    const headers = { 'X-Caller': '{call.from}', 'X-Name': 'n={ivr.customer.name}', 'X-No': '{ivr.no}', 'X-1': '{1}' };
    expect(headersOf(headers)).toEqual({ 'x-caller': '04155550123', 'x-name': 'n=Jos%C3%A9 & Co', 'x-1': '1' });
  });

  it('every other brace stays', () => {
    const headers = { A: '{"k":{x y}}', B: '{{call.from}}', C: '{contact.name}', D: '{call.}' };
    expect(Object.values(headersOf(headers))).toEqual(Object.values(headers));
  });
});

describe('expressions in fixed values', () => {
  const json = (key: string, more: Partial<SiteParameter> = {}): unknown => {
    const { body = '' } = rendered(post('json'), [row('fixed.x as v', { key, ...more })], given);
    return (JSON.parse(body) as { v?: unknown }).v;
  };

  it.each<readonly [string, unknown]>([
    ['{ivr.vip}', true],
    ['{ivr.count}', 3],
    ['{ivr.tags}', ['a', 'b']],
    ['{ivr.customer}', { name: 'José & Co' }],
    ['{ivr.nothing}', null],
    ['{ivr.empty}', ''],
    ['{ivr.no}', undefined],
    ['{ivr.no|none}', 'none'],
    ['{ivr.empty|none}', 'none'],
    [' {ivr.count}', ' 3'],
    ['Ref {app.inputReader.reference} of {ivr.customer.name}', 'Ref 4711/ABC of José & Co'],
    ['{"a":{ivr.count}}', '{"a":3}'],
  ])('%s - %j: a single one keeps its type', (key, expected) => {
    expect(json(key)).toEqual(expected);
  });

  it.each(['{1}', '{name}', '{{call.from}}', '{"a":{"b":1}}', '{contact.name}', '{call.}', '{x|y}', '}{', ''])(
    '%s - stays as it has always been sent',
    (key) => {
      expect(json(key)).toBe(key);
    },
  );

  it.each([
    ['{ivr.no}', { missing: 'empty' }, ''],
    ['{ivr.no}', { missing: 'omit' }, undefined],
    ['{ivr.no}', { missing: 'default', default: 'call {call.id}' }, 'call c-1'],
    ['a {ivr.no}', {}, 'a '],
    ['a {ivr.no}', { missing: 'empty' }, 'a '],
    ['a {ivr.no}', { missing: 'omit' }, undefined],
    ['a {ivr.no}', { missing: 'default', default: 'b' }, 'b'],
    ['a {ivr.no|}', { missing: 'omit' }, 'a '],
  ] as const)('%s with %j', (key, more, expected) => {
    expect(json(key, more)).toEqual(expected);
  });

  it('that must not be missing stop the request, in a text too', () => {
    for (const key of ['{ivr.no}', 'a {ivr.no}'])
      expect(renderServerRequest(post('json'), [row('fixed.x as v', { key, missing: 'fail' })], given)).toMatchObject({
        ok: false,
        parameter: 'v',
      });
  });

  it('fill placeholders of the table, encoded for where those stand', () => {
    const site = siteOf({ url: 'https://crm.example/{1}', headers: { X: '{1}' } });
    expect(rendered(site, [row('fixed.{ivr.customer.name}/é as {1}')], given)).toMatchObject({
      url: 'https://crm.example/Jos%C3%A9%20%26%20Co%2F%C3%A9',
      headers: { x: 'Jos%C3%A9 & Co/%C3%A9' },
    });
  });

  it('a value is not looked into for expressions', () => {
    const hostile = withSession({ data: { 'ivr.v': '{call.id}{1}' } });
    const site = siteOf({ url: 'https://crm.example/{ivr.v}' });
    const table = [row('fixed.{ivr.v} as v'), row('variable.ivr.v as w')];
    const braces = encodeURIComponent('{call.id}{1}');
    expect(rendered(site, table, hostile).url).toBe(`https://crm.example/${braces}?v=${braces}&w=${braces}`);
  });
});

it('the family "variable" has what was written into the call, too', () => {
  const table = ['ivr.email', 'ivr.count', 'ivr.customer.name', 'ivr.premium'].map((key) =>
    row(`variable.${key} as ${key}`),
  );
  expect(JSON.parse(rendered(post('json'), table, given).body ?? '')).toEqual({
    ivr: { email: 'ann+1@example.com', count: 3, customer: { name: 'José & Co' }, premium: 'true' },
  });
});

it('samples of a test go before what the call has', () => {
  const site = siteOf({ url: 'https://crm.example/{ivr.email}/{var.CAMPAIGN}/{call.from}' });
  const sample = { variable: { 'ivr.email': 'x', CAMPAIGN: 'y', 'call.from': 'z' } };
  expect(rendered(site, [], { ...given, sample }).url).toBe('https://crm.example/x/y/z');
});
