import { Failure, recordRetry } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { settle } from '../src/index.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const facts = { attempt: 1, schedule: recordRetry, ageMs: 0, now, random: 0.5 };
const failure = (...args: ConstructorParameters<typeof Failure>): Failure => new Failure(...args);

describe('settlement of a failed attempt', () => {
  it('transient - follows the schedule for records to its end', () => {
    const delays = recordRetry.delaysMs.map((_delay, at) =>
      settle(failure('transient', 'http_500', ''), { ...facts, attempt: at + 1 }),
    );
    const expected = recordRetry.delaysMs.slice(1).map((delayMs) => ({ kind: 'retry', delayMs }));
    expect(delays).toEqual([...expected, { kind: 'dead' }]);
  });

  it('transient - stays within the jitter of the schedule', () => {
    const at = (random: number): unknown => settle(failure('transient', 'timeout', ''), { ...facts, random });
    expect(at(0)).toEqual({ kind: 'retry', delayMs: 4000 });
    expect(at(0.999999)).toEqual({ kind: 'retry', delayMs: 6000 });
  });

  it('throttled - waits until the destination may be asked, never shorter, without an attempt', () => {
    const retryAt = new Date(now + 20_000);
    for (const random of [0, 0.5, 0.99]) {
      const settlement = settle(failure('throttled', 'http_429', '', { retryAt }), { ...facts, attempt: 10, random });
      expect(settlement).toMatchObject({ kind: 'wait' });
      expect(settlement.kind === 'wait' && settlement.delayMs).toBeGreaterThanOrEqual(20_000);
      expect(settlement.kind === 'wait' && settlement.delayMs).toBeLessThan(21_100);
    }
  });

  it('throttled - gives up on a destination that throttles for days', () => {
    const ageMs = 73 * 3_600_000;
    expect(settle(failure('throttled', 'http_429', ''), { ...facts, ageMs })).toEqual({ kind: 'dead' });
  });

  it('own trouble - is never charged to the destination, however often', () => {
    const settlement = settle(failure('own-trouble', 'dns', ''), { ...facts, attempt: 10, ageMs: 1e12 });
    expect(settlement).toEqual({ kind: 'wait', delayMs: 5000 });
  });

  it.each(['permanent', 'destination-gone'] as const)('%s - dead at once', (failureClass) => {
    expect(settle(failure(failureClass, 'http_400', ''), facts)).toEqual({ kind: 'dead' });
  });

  it('defect - bounded', () => {
    const after = (attempt: number): string => settle(failure('defect', 'unexpected', ''), { ...facts, attempt }).kind;
    expect([after(1), after(2), after(3)]).toEqual(['retry', 'retry', 'dead']);
  });
});
