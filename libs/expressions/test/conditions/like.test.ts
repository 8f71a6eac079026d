import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLike, likeLiteral } from '../../src/conditions/like.ts';
import { evaluateTrigger } from '../../src/index.ts';
import { scope, triggerOf } from './fixture.ts';

/** Few characters, so that pieces are found often; one of two UTF-16 units among them. */
const characters = ['a', 'b', '🎉', '.'];
const text = fc.array(fc.constantFrom(...characters), { maxLength: 12 }).map((all) => all.join(''));
const pattern = fc
  .array(fc.constantFrom(...characters, '%', '_', '\\%', '\\_', '\\\\'), { maxLength: 8 })
  .map((all) => all.join(''));

/** The same as a regular expression. */
function asRegex(like: string): RegExp {
  const source = like.replace(/\\?./gsu, (part) => {
    if (part === '%') return '.*';
    return part === '_' ? '.' : `\\u{${part.replace(/^\\/, '').codePointAt(0)?.toString(16)}}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

describe('LIKE', () => {
  it('fits what the same regular expression fits', () => {
    fc.assert(
      fc.property(text, pattern, (given, like) => {
        expect(isLike(given, like)).toBe(asRegex(like).test(given));
      }),
      { numRuns: 5000 },
    );
  });

  it('a text as a pattern fits itself, whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (given) => isLike(given, likeLiteral(given))));
  });

  it.each([
    ['one piece at the end', `%${'a'.repeat(2000)}b`],
    ['one piece in the middle', `%${'a'.repeat(1000)}${'_'.repeat(900)}b%`],
    ['many pieces', `${'%a'.repeat(1000)}b`],
  ])('50 conditions took seconds on a long value, in which nobody else was served: %s', (_name, expectation) => {
    const rows = Array.from({ length: 50 }, () => ({ operator: 'LIKE', expectation }));
    // Time of the processor: others use it too.
    const before = process.cpuUsage();
    evaluateTrigger(triggerOf('t', 'ANY', ...rows), scope('a'.repeat(8192)));
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});
