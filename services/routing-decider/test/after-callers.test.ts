import { expect, test } from 'vitest';
import { createAfterCallers } from '../src/usecases/after-callers.ts';

/** Longer than any test. */
const ages = { soonMs: 60_000, latestMs: 60_000 };

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
  const callers = createAfterCallers({ soonMs: 20, latestMs: 60_000 });
  void callers.serving(() => new Promise(() => {}));
  await callers.quiet();
});

test('after callers - where a crowd waits for ever, it begins all the same', async () => {
  const callers = createAfterCallers({ soonMs: 1, latestMs: 20 });
  for (let n = 0; n < 200; n += 1) void callers.serving(() => new Promise(() => {}));
  await callers.quiet();
});

test('after callers - what waited begins together, all of it', async () => {
  const callers = createAfterCallers(ages);
  const caller = Promise.withResolvers<void>();
  const served = callers.serving(() => caller.promise);
  const all = Promise.all(Array.from({ length: 100 }, () => callers.quiet()));
  caller.resolve();
  await served;
  await all;
});

test('after callers - what comes while others begin is not forgotten', async () => {
  const callers = createAfterCallers(ages);
  const caller = Promise.withResolvers<void>();
  const served = callers.serving(() => caller.promise);
  const first = Array.from({ length: 20 }, () => callers.quiet());
  caller.resolve();
  await served;
  await first[0];
  const next = Promise.withResolvers<void>();
  const servedNext = callers.serving(() => next.promise);
  const second = callers.quiet();
  next.resolve();
  await servedNext;
  await Promise.all([...first, second]);
});
