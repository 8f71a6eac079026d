import { describe, expect, it } from 'vitest';
import { recordRetry, retryDelayMs } from '../src/index.ts';

const spelled = ['0', '5 s', '30 s', '2 m', '10 m', '30 m', '2 h', '5 h', '10 h', '24 h'];
const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
const readMs = (text: string): number => {
  const [count = '0', unit = 's'] = text.split(' ');
  return Number(count) * (unitMs[unit] ?? Number.NaN);
};

describe('retry schedule of records', () => {
  it('is the one that the documentation names', () => {
    expect(recordRetry).toEqual({ delaysMs: spelled.map(readMs), jitter: 0.2 });
  });

  it('spreads each delay by 20 % either way and ends after the tenth attempt', () => {
    expect(retryDelayMs(recordRetry, 2, 0)).toBe(4000);
    expect(retryDelayMs(recordRetry, 2, 0.5)).toBe(5000);
    expect(retryDelayMs(recordRetry, 2, 0.999999)).toBe(6000);
    expect(retryDelayMs(recordRetry, 1, 0.9)).toBe(0);
    expect(retryDelayMs(recordRetry, 11, 0.5)).toBeUndefined();
  });
});
