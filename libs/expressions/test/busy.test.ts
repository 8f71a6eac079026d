import { callTextParts } from '@patchcord/contracts';
import { expect, it } from 'vitest';
import { compareValues, evaluateTrigger, unknownNameMessage } from '../src/index.ts';
import { headerText } from '../src/sites/header-values.ts';
import { triggerOf } from './conditions/fixture.ts';
import { scopeOf } from './templates/fixture.ts';

/** Time of the processor, during which nobody else is served (ms): others use it too. */
function busyMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

const numbers = (first: number): number[] => Array.from({ length: 1500 }, (_, at) => first + at);

it('a list of a call was compared with another one element by element: 50 conditions took minutes', () => {
  const data = { 'ivr.v': numbers(1000), 'ivr.list': numbers(5000).join(',') };
  const rows = Array.from({ length: 50 }, () => ({ operator: 'IN_LIST', expectation: '{ivr.list}' }));
  expect(busyMs(() => evaluateTrigger(triggerOf('t', 'ANY', ...rows), scopeOf(data)))).toBeLessThan(2000);
});

it('a list that names the same values of a call again and again took seconds, and was as long', () => {
  const data = { 'ivr.v': 1, 'ivr.list': numbers(5000) };
  const rows = Array.from({ length: 50 }, () => ({ operator: 'NOT_IN_LIST', expectation: '{ivr.list},'.repeat(180) }));
  let conditions: readonly unknown[] = [];
  const work = () => (conditions = evaluateTrigger(triggerOf('t', 'ANY', ...rows), scopeOf(data)).conditions);
  expect(busyMs(work)).toBeLessThan(1000);
  expect(conditions[0]).toMatchObject({ verdict: false, note: expect.stringContaining('the list is longer than') });
});

it('a long expectation was made ready to compare once for every element of a list', () => {
  const data = { 'ivr.v': Array.from({ length: 4000 }, () => 1), 'ivr.list': numbers(5000) };
  const rows = Array.from({ length: 50 }, () => ({ operator: 'CONTAINS', expectation: '{ivr.list}' }));
  expect(busyMs(() => evaluateTrigger(triggerOf('t', 'ANY', ...rows), scopeOf(data)))).toBeLessThan(1000);
});

it.each([
  ['7', '7.'],
  ['0', '.'],
  ['-0', '-.'],
  ['1', 'number 1.'],
])('the number %s is not the text "%s"', (number, text) => {
  expect(compareValues('=', number, text).matched).toBe(false);
});

it('a long run of blanks in the value of a header took seconds', () => {
  const blanks = ' '.repeat(60_000);
  let written = '';
  expect(busyMs(() => (written = headerText(`  a${blanks}b `)))).toBeLessThan(500);
  expect(written).toBe(`%20%20a${blanks}b%20`);
});

it('thousands of placeholders that nothing closes took half a minute to be told from text', () => {
  const text = '{call.a|\\'.repeat(20_000);
  let parts: unknown[] = [];
  expect(busyMs(() => (parts = callTextParts(text)))).toBeLessThan(500);
  expect(parts).toEqual([text]);
});

it('long names that no call has took seconds to be told with the one that was meant', () => {
  const name = `call.${'a'.repeat(250)}`;
  const check = (): unknown =>
    Array.from({ length: 500 }, () => unknownNameMessage({ name, path: name.split('.') })).at(-1);
  expect(busyMs(check)).toBeLessThan(500);
});
