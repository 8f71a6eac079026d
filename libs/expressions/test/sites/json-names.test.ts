import { describe, expect, it } from 'vitest';
import { post, rendered, row, valueRow, withValue } from './fixture.ts';

const sent = (...names: string[]): unknown =>
  JSON.parse(
    rendered(
      post('json'),
      names.map((name) => row(`fixed.${name} as ${name}`)),
    ).body ?? '',
  );

describe('names in JSON', () => {
  it('dots nest', () => {
    expect(sent('client.id', 'client.name.first', 'lang')).toEqual({
      client: { id: 'client.id', name: { first: 'client.name.first' } },
      lang: 'lang',
    });
  });

  it('within a name that has a value itself they do not, in either order', () => {
    const expected = { a: 'a', 'a.b': 'a.b', 'a.b.c': 'a.b.c', d: 'd' };
    expect(sent('a', 'a.b', 'a.b.c', 'd')).toEqual(expected);
    expect(sent('d', 'a.b.c', 'a.b', 'a')).toEqual(expected);
    expect(sent('a.b.c', 'a.b')).toEqual({ a: { b: 'a.b' }, 'a.b.c': 'a.b.c' });
  });

  it('their shape does not depend on whether there is a value this time', () => {
    expect(JSON.parse(rendered(post('json'), [valueRow('a'), row('fixed.1 as a.b')]).body ?? '')).toEqual({
      'a.b': '1',
    });
  });

  it.each(['.', 'a.', '.a', 'a..b'])('%s has an empty part and stays as it is', (name) => {
    expect(sent(name)).toEqual({ [name]: name });
  });

  it('of two parameters of one name the last counts', () => {
    const { body } = rendered(post('json'), [row('fixed.1 as a'), row('fixed.2 as a')]);
    expect(body).toBe('{"a":"2"}');
  });

  it('__proto__ and constructor are names like any other', () => {
    const { body } = rendered(post('json'), [
      row('fixed.1 as __proto__.polluted'),
      row('fixed.2 as constructor.prototype.polluted'),
      row('fixed.3 as a.__proto__'),
    ]);
    expect(body).toBe(
      '{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"2"}},"a":{"__proto__":"3"}}',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('brackets are letters', () => {
    expect(sent('a[0].b')).toEqual({ 'a[0]': { b: 'a[0].b' } });
  });

  it('an object is sent as it is', () => {
    const value = { deep: [{ n: 1, t: true, x: null }] };
    expect(JSON.parse(rendered(post('json'), [valueRow('a.v')], withValue(value)).body ?? '')).toEqual({
      a: { v: value },
    });
  });
});
