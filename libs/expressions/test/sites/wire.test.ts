import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SiteFacts } from '../../src/index.ts';
import { type EchoSite, read, startEchoSite } from './echo-site.ts';
import { facts, post, recordingFile, rendered, row, siteOf, valueRow, withValue } from './fixture.ts';

let echo: EchoSite;
beforeAll(async () => {
  echo = await startEchoSite();
});
afterAll(() => echo.close());

const example = [
  row('call.contact_id as idClient'),
  row('campaign.id as idCamp'),
  row('fixed.en as lang'),
  row('call.rec_filename as recordingFile'),
];
const clean = ['{1}', '{2}', '{3}', '{4}'].map((name, at) => ({ ...(example[at] ?? row('fixed.x as x')), name }));
const query = `idClient=321321321&idCamp=11&lang=en&recordingFile=${recordingFile}`;

describe("OMniLeads' examples", () => {
  it.each([
    ['https://mycrm.domain.com', `https://mycrm.domain.com?${query}`],
    ['https://mycrm.domain.com?', `https://mycrm.domain.com?${query}`],
    ['https://mycrm.domain.com?&', `https://mycrm.domain.com?${query}`],
    ['https://mycrm.domain.com/?', `https://mycrm.domain.com/?${query}`],
    ['https://mycrm.domain.com?key=1&', `https://mycrm.domain.com?key=1&${query}`],
    ['https://mycrm.domain.com#top', `https://mycrm.domain.com?${query}`],
  ])('1: GET with parameters, of the URL %s', (url, expected) => {
    expect(rendered(siteOf({ url }), example).url).toBe(expected);
  });

  it('2: clean URL, on the path of the server', () => {
    expect(rendered(siteOf({ url: 'https://mycrm.domain.com/{1}/{2}/{3}/{4}' }), clean).url).toBe(
      `https://mycrm.domain.com/321321321/11/en/${recordingFile}`,
    );
  });

  it('1 and 2: byte for byte in the request line of a real server', async () => {
    const first = await echo.receive(rendered(siteOf({ url: `${echo.origin}?` }), example));
    expect([first.method, first.target]).toEqual(['GET', `/?${query}`]);
    const second = await echo.receive(rendered(siteOf({ url: `${echo.origin}/{1}/{2}/{3}/{4}` }), clean));
    expect(second.target).toBe(`/321321321/11/en/${recordingFile}`);
  });
});

/** Value; how it stands in a query and in a path; what comes back where there are only texts; what JSON gives back. */
const values: [value: unknown, query: string | undefined, path: string, text: string | undefined, json: unknown][] = [
  ['José & Co', 'Jos%C3%A9%20%26%20Co', 'Jos%C3%A9%20%26%20Co', 'José & Co', 'José & Co'],
  ['a"b', 'a%22b', 'a%22b', 'a"b', 'a"b'],
  ['x/y', 'x%2Fy', 'x%2Fy', 'x/y', 'x/y'],
  [
    '50%25 + 1 = {1}?#',
    '50%2525%20%2B%201%20%3D%20%7B1%7D%3F%23',
    '50%2525%20%2B%201%20%3D%20%7B1%7D%3F%23',
    '50%25 + 1 = {1}?#',
    '50%25 + 1 = {1}?#',
  ],
  [
    'one\r\nforged=1\u2028x',
    'one%0D%0Aforged%3D1%E2%80%A8x',
    'one%0D%0Aforged%3D1%E2%80%A8x',
    'one\r\nforged=1\u2028x',
    'one\r\nforged=1\u2028x',
  ],
  ['', '', '', '', ''],
  [null, undefined, '', undefined, null],
  [undefined, undefined, '', undefined, undefined],
  [4100, '4100', '4100', '4100', 4100],
  [true, 'true', 'true', 'true', true],
  [['a', 'b'], 'a%2Cb', 'a%2Cb', 'a,b', ['a', 'b']],
];

describe.each(values)('the value %j', (...[value, inQuery, inPath, text, json]) => {
  const given: SiteFacts = value === undefined ? facts : withValue(value);
  const table = [row('fixed.1 as first'), valueRow('v'), row('fixed.2 as last')];
  const read_ = (middle: Record<string, unknown>): unknown => ({ first: '1', ...middle, last: '2' });
  const asTexts = read_(text === undefined ? {} : { v: text });

  it('in a query', async () => {
    const arrived = await echo.receive(rendered(siteOf({ url: `${echo.origin}/q?k=%20` }), table, given));
    expect(arrived.target).toBe(`/q?k=%20&first=1${inQuery === undefined ? '' : `&v=${inQuery}`}&last=2`);
    expect(read.query(arrived)).toEqual({ k: ' ', ...(asTexts as object) });
  });

  it('in a path', async () => {
    const request = rendered(siteOf({ url: `${echo.origin}/a/{v}/b` }), [valueRow('{v}')], given);
    expect((await echo.receive(request)).target).toBe(`/a/${inPath}/b`);
    expect(decodeURIComponent(new URL(request.url).pathname.split('/')[2] ?? '')).toBe(text ?? '');
  });

  it('in a header', async () => {
    const site = siteOf({ url: echo.origin, headers: { 'X-Value': '{v}' } });
    const header = (await echo.receive(rendered(site, [valueRow('{v}')], given))).headers['x-value'];
    expect(header === undefined ? undefined : decodeURIComponent(String(header))).toBe(text);
  });

  it.each(['urlencoded', 'multipart', 'text'] as const)('in a body: %s', async (format) => {
    const arrived = await echo.receive(rendered(post(format, { url: echo.origin }), table, given));
    expect(await read[format](arrived)).toEqual(asTexts);
    const type = {
      urlencoded: /^application\/x-www-form-urlencoded$/,
      multipart: /^multipart\/form-data; boundary=/,
      text: /^text\/plain; charset=utf-8$/,
    };
    expect(arrived.headers['content-type']).toMatch(type[format]);
  });

  it('in JSON', async () => {
    const arrived = await echo.receive(rendered(post('json', { url: echo.origin }), table, given));
    expect(arrived.headers['content-type']).toBe('application/json');
    expect(read.json(arrived)).toEqual(read_(json === undefined ? {} : { v: json }));
  });
});

describe('bodies', () => {
  it.each(['PUT', 'PATCH'] as const)('%s has a body as POST has, and the query of the URL stays', async (method) => {
    const site = post('json', { method, url: `${echo.origin}/x?key={1}#top` });
    const arrived = await echo.receive(rendered(site, [row('campaign.id as {1}'), row('call.waitMs as wait')]));
    expect([arrived.method, arrived.target, read.json(arrived)]).toEqual([method, '/x?key=11', { wait: 4100 }]);
  });

  it('multipart fields are fields, not files', async () => {
    const { headers, body } = rendered(post('multipart'), [row('fixed.a"b as x[y]')]);
    const boundary = headers['content-type']?.split('boundary=')[1];
    expect(body).toBe(`--${boundary}\r\nContent-Disposition: form-data; name="x[y]"\r\n\r\na"b\r\n--${boundary}--\r\n`);
  });

  it('a multipart boundary never stands in a value, and the same facts give the same bytes', () => {
    const first = rendered(post('multipart'), [row('fixed.1 as a')]);
    expect(rendered(post('multipart'), [row('fixed.1 as a')])).toEqual(first);
    const boundary = first.headers['content-type']?.split('boundary=')[1] ?? '';
    expect(boundary).toMatch(/^patchcord-[0-9a-f]{32}$/);
    const hostile = rendered(post('multipart'), [row('fixed.1 as a'), row(`fixed.${boundary} as b`)]);
    expect(hostile.headers['content-type']).not.toContain(boundary);
  });

  it('a header of the site that tells of the body gives way to the true one', () => {
    const site = post('text', { headers: { 'Content-Type': 'text/html', Accept: '*/*' } });
    expect(rendered(site, []).headers).toEqual({ accept: '*/*', 'content-type': 'text/plain; charset=utf-8' });
  });
});
