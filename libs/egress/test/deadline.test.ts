import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';

/** Their time is over in the same moment, and the event loop sees it late. */
async function overdue(count: number) {
  const deadlines = Array.from({ length: count }, () => startDeadline({ timeoutMs: 1, signals: [] }));
  const last = Promise.withResolvers<void>();
  setTimeout(last.resolve, 1);
  const until = performance.now() + 10;
  while (performance.now() < until);
  await last.promise;
  return deadlines;
}

const ended = (deadlines: readonly { failure(): unknown }[]): number =>
  deadlines.filter((each) => each.failure() !== undefined).length;

test('deadline - of many that are over in the same moment a few are given up at a time, and all in the end', async () => {
  const deadlines = await overdue(20);
  const seen: number[] = [];
  while (ended(deadlines) < deadlines.length) {
    await nextTurn();
    seen.push(ended(deadlines));
  }
  expect(seen.length).toBeGreaterThan(2);
  for (const deadline of deadlines) {
    expect(deadline.failure()).toMatchObject({ class: 'transient', code: 'timeout' });
    await expect(deadline.over).rejects.toBe(deadline.failure());
  }
});

test('deadline - an answer that comes before its turn to be given up is taken', async () => {
  const deadlines = await overdue(20);
  const last = deadlines.at(-1);
  last?.clear();
  while (ended(deadlines) < deadlines.length - 1) await nextTurn();
  await nextTurn();
  expect(last?.failure()).toBeUndefined();
  expect(last?.signal.aborted).toBe(false);
});
