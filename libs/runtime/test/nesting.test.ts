import { expect, test } from 'vitest';
import { z } from 'zod';
import { testServer } from './http-fixture.ts';

const nested = (levels: number): string => `{"form":${'['.repeat(levels)}${']'.repeat(levels)}}`;

async function post(payload: string): Promise<{ status: number; body: unknown }> {
  const app = await testServer();
  const body = z.object({ form: z.unknown() });
  // As what goes on to another service or into a store.
  app.post('/things', { schema: { body } }, async (request) => ({ length: JSON.stringify(request.body).length }));
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/things', payload, headers });
  return { status: answer.statusCode, body: answer.json() };
}

test('a body nested 100,000 deep is refused, not an internal error', async () => {
  expect(await post(nested(100_000))).toEqual({
    status: 400,
    body: { error: { code: 'invalid_request', message: 'the body is nested too deeply: expected at most 64 levels' } },
  });
});

test('a body of 60 levels is taken', async () => {
  expect((await post(nested(60))).status).toBe(200);
});
