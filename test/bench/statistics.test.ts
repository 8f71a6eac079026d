import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

describe('statistics of the bench', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([
    [50, 50],
    [99, 99],
    [100, 100],
    [0, 1],
  ])('percentile %d of 1 to 100 is %d', (percent, expected) => {
    expect(percentile(Array.from({ length: 100 }, (_, at) => at + 1).toReversed(), percent)).toBe(expected);
  });
});
