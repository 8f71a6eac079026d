import { expect, test } from 'vitest';
import { createAfterCallers } from '../src/usecases/after-callers.ts';

/** Longer than any test. */
const ages = 60_000;

test('after callers - where nobody waits, it is done at once', async () => {
  const callers = createAfterCallers(ages);
  await callers.quiet();
  await expect(callers.serving(async () => 'an answer')).resolves.toBe('an answer');
  await callers.quiet();
});

test('after callers - what nobody waits for begins when the last of the callers has his answer', async () => {
  const callers = createAfterCallers(ages);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const served = [first, second].map(({ promise }) => callers.serving(() => promise));
  let begun = false;
  const quiet = callers.quiet().then(() => {
    begun = true;
  });
  first.resolve();
  await served[0];
  expect(begun).toBe(false);
  second.reject(new Error('no answer is an end too'));
  await expect(served[1]).rejects.toThrow('no answer');
  await quiet;
});

test('after callers - where somebody always waits, it begins all the same', async () => {
  const callers = createAfterCallers(20);
  void callers.serving(() => new Promise(() => {}));
  await callers.quiet();
});
