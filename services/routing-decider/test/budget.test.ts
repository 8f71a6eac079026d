import { expect, test } from 'vitest';
import { budgetOf } from '../src/domain/budget.ts';

test.each([
  { limits: [3000, undefined, undefined], elapsedMs: 0, totalMs: 3000 },
  { limits: [3000, 500], elapsedMs: 0, totalMs: 500 },
  { limits: [3000, 60_000], elapsedMs: 0, totalMs: 3000 },
  { limits: [undefined], elapsedMs: 0, totalMs: 10_000 },
  { limits: [60_000], elapsedMs: 0, totalMs: 10_000 },
  { limits: [3000, undefined, 1000], elapsedMs: 0, totalMs: 1000 },
  { limits: [1000], elapsedMs: 400, totalMs: 600 },
  { limits: [1000], elapsedMs: 1400, totalMs: 0 },
])('budget - of $limits after $elapsedMs ms, $totalMs ms are left', ({ limits, elapsedMs, totalMs }) => {
  expect(budgetOf(limits, elapsedMs).totalMs).toBe(totalMs);
});

test.each([10_000, 3000, 100, 50, 10])(
  'budget - of %d ms, our own answer begins before the dispatcher gives up, and both before the end',
  (limit) => {
    const { totalMs, lookupMs, answerMs } = budgetOf([limit], 0);
    expect(answerMs).toBeLessThan(lookupMs);
    expect(lookupMs).toBeLessThan(totalMs);
    expect(answerMs).toBeGreaterThanOrEqual(totalMs * 0.6);
  },
);

test('budget - too little to ask anybody leaves no time to wait for an answer', () => {
  expect(budgetOf([1], 0).answerMs).toBe(0);
});

test('budget - where many wait, answers begin to leave earlier, so that the last of them is in time too', () => {
  const alone = budgetOf([1000], 0);
  const inCrowd = budgetOf([1000], 0, 200);
  expect(alone.answerMs - inCrowd.answerMs).toBe(150);
  expect(inCrowd.lookupMs).toBeGreaterThan(inCrowd.answerMs);
  expect(inCrowd.totalMs).toBe(1000);
});

test('budget - however many wait, the CRM keeps most of the time', () => {
  expect(budgetOf([1000], 0, 100_000).answerMs).toBe(700);
});
