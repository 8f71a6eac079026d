import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createOutbox } from '../src/outbox.ts';

describe('outbox', () => {
  it('sends what was added in one turn together and in order, once', async () => {
    const sent: number[] = [];
    const outbox = createOutbox();
    for (const each of [1, 2, 3]) outbox.add(() => sent.push(each));
    expect(sent).toEqual([]);
    await nextTurn();
    outbox.flush();
    expect(sent).toEqual([1, 2, 3]);
  });

  it('sends the others when one cannot be sent', () => {
    const sent: number[] = [];
    const outbox = createOutbox();
    outbox.add(() => {
      throw new Error('closed');
    });
    outbox.add(() => sent.push(2));
    outbox.flush();
    expect(sent).toEqual([2]);
  });

  it('sends in the middle of a turn that takes long, so that others can work on it meanwhile', async () => {
    const sent: number[] = [];
    const outbox = createOutbox();
    outbox.add(() => sent.push(1));
    const until = performance.now() + 5;
    while (performance.now() < until);
    outbox.add(() => sent.push(2));
    expect(sent).toEqual([1, 2]);
    outbox.add(() => sent.push(3));
    await nextTurn();
    expect(sent).toEqual([1, 2, 3]);
  });
});
