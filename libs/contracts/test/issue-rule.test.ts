import { expect, it } from 'vitest';
import { z } from 'zod';
import { ruledIssues } from '../src/index.ts';

const schema = z.strictObject({
  name: z.string().min(1),
  code: z.string().min(3).max(5),
  port: z.number().int().min(1).max(65_535),
  url: z.url(),
  mail: z.email(),
  kind: z.enum(['a', 'b']),
  list: z.array(z.string()).min(2).max(3),
  on: z.boolean(),
});
const good = {
  name: 'x',
  code: 'abc',
  port: 80,
  url: 'http://a',
  mail: 'a@b.de',
  kind: 'a',
  list: ['1', '2'],
  on: true,
};

const rules = (values: object) =>
  ruledIssues(schema.safeParse({ ...good, ...values }).error ?? new z.ZodError([])).map(({ path, rule }) => [
    path,
    rule,
  ]);

it.each([
  [{ name: undefined }, ['name', { name: 'required' }]],
  [{ name: '' }, ['name', { name: 'required' }]],
  [{ code: 'ab' }, ['code', { name: 'too-short', limit: 3 }]],
  [{ code: 'abcdef' }, ['code', { name: 'too-long', limit: 5 }]],
  [{ port: 0 }, ['port', { name: 'too-small', limit: 1 }]],
  [{ port: 65_536 }, ['port', { name: 'too-big', limit: 65_535 }]],
  [{ port: '80' }, ['port', { name: 'type', names: ['number'] }]],
  [{ port: 1.5 }, ['port', { name: 'type', names: ['int'] }]],
  [{ url: 'nowhere' }, ['url', { name: 'url' }]],
  [{ mail: 'nobody' }, ['mail', { name: 'email' }]],
  [{ kind: 'c' }, ['kind', { name: 'one-of', names: ['a', 'b'] }]],
  [{ list: ['1'] }, ['list', { name: 'too-few', limit: 2 }]],
  [{ list: ['1', '2', '3', '4'] }, ['list', { name: 'too-many', limit: 3 }]],
  [{ on: null }, ['on', { name: 'type', names: ['boolean'] }]],
  [{ more: 1 }, ['', { name: 'unknown-keys', names: ['more'] }]],
])('an issue names the usual rule that is broken: %j', (values, expected) => {
  expect(rules(values)).toEqual([expected]);
});

it('an issue in words of the schema names no rule: they say more', () => {
  const own = z.object({ text: z.string().min(3, 'expected a word'), one: z.string().refine(() => false, 'not this') });
  const { error } = own.safeParse({ text: 'a', one: 'b' });
  expect(ruledIssues(error ?? new z.ZodError([]))).toEqual([
    { path: 'text', message: 'expected a word' },
    { path: 'one', message: 'not this' },
  ]);
});
