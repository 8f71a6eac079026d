import { describe, expect, it } from 'vitest';
import { renderServerRequest } from '../../src/index.ts';
import { facts, post, rendered, row, siteOf, valueRow, withValue } from './fixture.ts';

const policies = [
  { missing: undefined },
  { missing: 'omit' },
  { missing: 'empty' },
  { missing: 'default', default: 'x/y' },
] as const;
type Place = readonly [unset: string, omit: string, empty: string, instead: string];

const url = (template: string) => (more: (typeof policies)[number]) =>
  rendered(siteOf({ url: `https://crm.example${template}` }), [valueRow('{v}', more)]).url.slice(
    'https://crm.example'.length,
  );
const named = (more: (typeof policies)[number]) =>
  rendered(siteOf(), [valueRow('v', more)]).url.slice('https://crm.example/calls'.length);
const header = (template: string) => (more: (typeof policies)[number]) =>
  JSON.stringify(rendered(siteOf({ headers: { X: template } }), [valueRow('{v}', more)]).headers);
const body = (format: string) => (more: (typeof policies)[number]) =>
  rendered(post(format), [valueRow('v', more)]).body ?? '';

describe.each<readonly [string, (more: (typeof policies)[number]) => string, Place]>([
  ['a segment', url('/a/{v}/b'), ['/a//b', '/a/b', '/a//b', '/a/x%2Fy/b']],
  ['a part of a segment', url('/a-{v}.json'), ['/a-.json', '/a-.json', '/a-.json', '/a-x%2Fy.json']],
  ['the only segment', url('/{v}'), ['/', '', '/', '/x%2Fy']],
  ['a value in the query', url('/?a=1&v={v}&b=2'), ['/?a=1&b=2', '/?a=1&b=2', '/?a=1&v=&b=2', '/?a=1&v=x%2Fy&b=2']],
  ['a part of a value in the query', url('/?v=-{v}'), ['/?v=-', '/?v=-', '/?v=-', '/?v=-x%2Fy']],
  ['a whole pair of the query', url('/?{v}'), ['/', '/', '/?', '/?x%2Fy']],
  ['a header', header('{v}'), ['{}', '{}', '{"x":""}', '{"x":"x/y"}']],
  ['a part of a header', header('k={v}'), ['{"x":"k="}', '{"x":"k="}', '{"x":"k="}', '{"x":"k=x/y"}']],
  ['a parameter of the query', named, ['', '', '?v=', '?v=x%2Fy']],
  ['urlencoded', body('urlencoded'), ['', '', 'v=', 'v=x%2Fy']],
  ['text', body('text'), ['', '', 'v=\r\n', 'v=x/y\r\n']],
  ['json', body('json'), ['{}', '{}', '{"v":""}', '{"v":"x/y"}']],
])('no value in %s', (_place, render, expected) => {
  it.each(policies.map((more, at) => [more, expected[at]] as const))('%j', (more, written) => {
    expect(render(more)).toBe(written);
  });
});

describe('null', () => {
  it('is no value, so that a policy which was chosen decides; in JSON it is null otherwise', () => {
    const sent = (more: (typeof policies)[number]) =>
      rendered(post('json'), [valueRow('v', more)], withValue(null)).body;
    expect(policies.map(sent)).toEqual(['{"v":null}', '{}', '{"v":""}', '{"v":"x/y"}']);
  });
});

describe('fail', () => {
  const table = [row('fixed.1 as a'), row('contact.plan as plan', { missing: 'fail' })];

  it.each([siteOf(), post('json'), post('multipart')])('nothing is sent, and the parameter is named', (site) => {
    expect(renderServerRequest(site, table, facts)).toEqual({
      ok: false,
      parameter: 'plan',
      message: 'there is no value for "plan" of the family "contact", and its parameter must not be missing',
    });
  });

  it('null fails too; an empty text is a value', () => {
    const must = [valueRow('v', { missing: 'fail' })];
    expect(renderServerRequest(siteOf(), must, withValue(null)).ok).toBe(false);
    expect(rendered(siteOf(), must, withValue('')).url).toBe('https://crm.example/calls?v=');
  });
});

it('a placeholder that no parameter fills is missing like any other', () => {
  const site = siteOf({ url: 'https://crm.example/{1}/x?a={2}&b=1#{3}', headers: { X: '{4}', Y: 'y{4}' } });
  expect(rendered(site, [row('fixed.1 as c')])).toEqual({
    method: 'GET',
    url: 'https://crm.example//x?b=1&c=1',
    headers: { y: 'y' },
  });
});
