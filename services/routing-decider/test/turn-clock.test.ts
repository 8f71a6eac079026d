import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurnClock } from '../src/adapters/turn-clock.ts';

test('turn clock - what is handled late in a turn came when the turn began; the next turn has its own time', async () => {
  let nowMs = 1000;
  const turn = createTurnClock(() => nowMs);
  await nextTurn();
  expect(turn()).toBe(1000);
  nowMs = 1060;
  expect(turn()).toBe(1000);
  await nextTurn();
  expect(turn()).toBe(1060);
});
