import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPopAction, renderServerRequest } from '../../src/index.ts';
import { type EchoSite, multipartParts, startEchoSite } from './echo-site.ts';
import { facts, post, rendered, row, siteOf, valueRow, withValue } from './fixture.ts';

/** Wire forms of OMniLeads; those of its server were compared with what python-requests 2.34 sends. */
let echo: EchoSite;
beforeAll(async () => {
  echo = await startEchoSite();
});
afterAll(() => echo.close());

const on = (name: string): { compatibility: Record<string, boolean> } => ({ compatibility: { [name]: true } });
const jose = row('fixed.José & Co as a');

describe('allStrings', () => {
  const table = [row('call.waitMs as wait'), valueRow('client.vip'), row('fixed.1 as client.id')];

  it.each([
    [true, '{"wait":"4100","client.vip":"true","client.id":"1"}'],
    [null, '{"wait":"4100","client.id":"1"}'],
    [['a', 'b'], '{"wait":"4100","client.vip":"a,b","client.id":"1"}'],
    [{ a: 1 }, '{"wait":"4100","client.vip":"{\\"a\\":1}","client.id":"1"}'],
  ])('a flat object of strings: %j', (value, expected) => {
    expect(rendered(post('json', on('allStrings')), table, withValue(value)).body).toBe(expected);
  });

  it('off: typed and nested', () => {
    expect(rendered(post('json'), table, withValue(true)).body).toBe('{"wait":4100,"client":{"vip":true,"id":"1"}}');
  });
});

describe('nullAsNone', () => {
  const table = [valueRow('v'), row('call.endedBy as by'), row('contact.plan as plan'), row('dialplan.Omlcrmx as x')];

  it.each([
    ['json', '{"v":"None","by":"None"}', '{"v":null}'],
    ['urlencoded', 'v=None&by=None', ''],
    ['text', 'v=None\r\nby=None\r\n', ''],
  ])('null, and what is unknown of a call, is the text None in %s', (format, written, off) => {
    expect(rendered(post(format, on('nullAsNone')), table, withValue(null)).body).toBe(written);
    expect(rendered(post(format), table, withValue(null)).body).toBe(off);
  });

  it('in a query and in a path too; a policy that was chosen goes before', () => {
    const site = siteOf({ url: 'https://crm.example/{1}', ...on('nullAsNone') });
    expect(rendered(site, [valueRow('{1}'), ...table], withValue(null)).url).toBe(
      'https://crm.example/None?v=None&by=None',
    );
    expect(rendered(site, [valueRow('{1}', { missing: 'empty' })], withValue(null)).url).toBe('https://crm.example/');
    expect(renderServerRequest(site, [valueRow('{1}', { missing: 'fail' })], withValue(null)).ok).toBe(false);
  });

  it('what a site without a table is sent holds no None', () => {
    expect(rendered(post('json', on('nullAsNone')), []).body).not.toContain('None');
  });
});

describe('multipartAsFiles', () => {
  it('each parameter is a file that is called like the parameter', async () => {
    const request = rendered(post('multipart', { url: echo.origin, ...on('multipartAsFiles') }), [
      jose,
      row('fixed. as b'),
    ]);
    expect(request.body).toContain('\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nJosé & Co\r\n--');
    expect(await multipartParts(await echo.receive(request))).toEqual([
      { name: 'a', value: 'José & Co', fileName: 'a' },
      { name: 'b', value: '', fileName: 'b' },
    ]);
  });
});

describe('textAsUrlencoded', () => {
  it('an urlencoded body, and a header called content_type', async () => {
    const request = rendered(post('text', { url: echo.origin, ...on('textAsUrlencoded') }), [
      jose,
      row('fixed.a"b x/y as b'),
    ]);
    const { headers, body } = await echo.receive(request);
    expect(headers).toMatchObject({ content_type: 'text/plain', 'content-type': 'application/x-www-form-urlencoded' });
    expect(body.toString()).toBe('a=Jos%C3%A9+%26+Co&b=a%22b+x%2Fy');
  });
});

describe('legacyDatetime', () => {
  const sent = (given: Parameters<typeof rendered>[2], more: object = on('legacyDatetime')): string =>
    rendered(
      siteOf({ url: 'https://crm.example/', ...more }),
      [row('call.datetime as at'), row('call.offeredAt as from')],
      given,
    ).url;

  it.each([
    ['America/Argentina/Cordoba', '2026-11-20T23:41:21.100Z', '2026-11-20%2020%3A41%3A21'],
    ['Asia/Kolkata', '2026-11-20T23:41:21.100Z', '2026-11-21%2005%3A11%3A21'],
    ['Europe/Madrid', '2026-06-30T22:00:00Z', '2026-07-01%2000%3A00%3A00'],
    ['UTC', '2026-01-02T03:04:05+02:00', '2026-01-02%2001%3A04%3A05'],
  ])('the clock of %s, without its name', (timeZone, offeredAt, written) => {
    const given = {
      ...facts,
      tenant: { id: 'acme', timeZone },
      session: { ...facts.session, offeredAt },
    } as typeof facts;
    expect(sent(given)).toBe(`https://crm.example/?at=${written}&from=${encodeURIComponent(offeredAt)}`);
    expect(sent(given, {})).toContain(`?at=${encodeURIComponent(offeredAt)}&`);
  });

  it('a sample that is no time stays as it is', () => {
    expect(sent({ ...facts, sample: { call: { datetime: 'now' } } })).toContain('?at=now&');
  });
});

describe('keepPlaceholders', () => {
  const site = siteOf({ url: 'https://crm.example/{1}/x?a={2}', headers: { X: '{3}' }, ...on('keepPlaceholders') });
  const table = [
    row('fixed.a as {1}'),
    row('contact.gone as {2}', { missing: 'fail' }),
    row('fixed.c as {3}'),
    row('fixed.d as d'),
  ];

  it('on our path they stay in the URL, and their parameters are dropped; headers are ours', () => {
    expect(rendered(site, table)).toEqual({
      method: 'GET',
      url: 'https://crm.example/%7B1%7D/x?a=%7B2%7D&d=d',
      headers: { x: 'c' },
    });
  });

  it('a table of nothing but placeholders is still a table', () => {
    expect(rendered(site, [row('fixed.a as {1}')]).url).toBe('https://crm.example/%7B1%7D/x?a=%7B2%7D');
  });

  it('a browser fills them', () => {
    const shown = siteOf({
      url: 'https://crm.example/{1}',
      trigger: 'agent',
      target: 'embedded',
      ...on('keepPlaceholders'),
    });
    expect(renderPopAction(shown, [row('fixed.a as {1}')], facts)).toMatchObject({
      value: { url: 'https://crm.example/a' },
    });
  });
});
