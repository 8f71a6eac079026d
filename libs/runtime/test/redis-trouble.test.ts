import { expect, test } from 'vitest';
import { fromRedis } from '../src/index.ts';

test('what Redis rejects with is our own trouble, and what it said is in no message', async () => {
  const said = new Error('WRONGTYPE of pc:1:{acme}:secret');
  const failure = await fromRedis(Promise.reject(said)).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ class: 'own-trouble', code: 'redis_unavailable', message: 'Redis did not answer' });
  expect(failure).toHaveProperty('cause', said);
  expect(await fromRedis(Promise.resolve('OK'))).toBe('OK');
});
