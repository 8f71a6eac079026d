import { expect, test } from 'vitest';
import type { ChannelVariables } from '../src/routes/agi-call.ts';
import { createTold } from '../src/routes/agi-told.ts';

/** A channel that takes each command when it is told to. */
function channel() {
  const commands: string[] = [];
  const open: (() => void)[] = [];
  const take = (command: string): Promise<void> => {
    commands.push(command);
    return new Promise((resolve) => open.push(resolve));
  };
  const told = createTold({
    setVariable: (name, value) => take(`${name}=${value}`),
    setVariables: (variables) => take(variables.map((each) => each.join('=')).join(',')),
  });
  const answerAll = async (): Promise<void> => {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { told, commands, answerAll };
}

const gold: ChannelVariables = [
  ['TYPE', 'queue'],
  ['TARGET', 'gold'],
  ['VOICEMAIL', ''],
  ['VALUE', 'GOLD, 24 "carat"'],
];

test('told - plain values go by one command; an empty one and somebody else’s text by themselves', async () => {
  const { told, commands, answerAll } = channel();
  const done = told.tell(gold);
  await answerAll();
  await done;
  expect(commands).toEqual(['VOICEMAIL=', 'VALUE=GOLD, 24 "carat"', 'TYPE=queue,TARGET=gold']);
});

test('told - what was guessed rightly is not told again, what was guessed wrongly is', async () => {
  const { told, commands, answerAll } = channel();
  told.guess([
    ['TYPE', 'queue'],
    ['TARGET', 'slow'],
    ['VOICEMAIL', ''],
  ]);
  await answerAll();
  const done = told.tell(gold);
  await answerAll();
  await done;
  expect(commands).toEqual(['VOICEMAIL=', 'TYPE=queue,TARGET=slow', 'VALUE=GOLD, 24 "carat"', 'TARGET=gold']);
});

test('told - a guess that is still being told ends with the truth, which has the last word', async () => {
  const { told, commands, answerAll } = channel();
  told.guess([
    ['VOICEMAIL', 'yes'],
    ['VALUE', ''],
    ['TARGET', 'slow'],
  ]);
  const done = told.tell([['TARGET', 'gold']]);
  await answerAll();
  await done;
  expect(commands).toEqual(['VALUE=', 'TARGET=gold']);
});

test('told - a channel that is gone while somebody guesses troubles nobody', async () => {
  const told = createTold({
    setVariable: () => Promise.reject(new Error('closed')),
    setVariables: () => Promise.reject(new Error('closed')),
  });
  told.guess(gold);
  await expect(told.tell([['TARGET', 'other']])).rejects.toThrow('closed');
});
