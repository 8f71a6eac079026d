import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type HttpServer, type HttpServerOptions, requireScope } from '../src/index.ts';
import { bearer, testServer, tokensInMemory } from './http-fixture.ts';

/** Wrong tokens of one address in a minute, of one replica. */
const guesses = 3;

/** Replicas of a service: they know the same tokens, and share nothing else. */
async function replicas(more: Partial<HttpServerOptions> = {}) {
  const config = tokensInMemory();
  const start = async (): Promise<HttpServer> => {
    const app = await testServer({ config, requestsPerMinute: 20 * guesses, ...more });
    app.get('/calls', { onRequest: requireScope('sessions:read') }, async () => 'secret');
    return app;
  };
  return { config, both: [await start(), await start()] as const };
}

const guess = (): string => `pc_acme_${randomBytes(32).toString('base64url')}`;
const asked = async (app: HttpServer, token: string, headers: Record<string, string> = {}): Promise<number> =>
  (await app.inject({ url: '/calls', headers: { ...bearer(token), ...headers } })).statusCode;

/** One guess after the other, at one replica and the other in turn. */
async function guessed(both: readonly HttpServer[], times: number, token = guess): Promise<number[]> {
  const answers: number[] = [];
  for (let at = 0; at < times; at += 1)
    for (const app of both) answers.push(await asked(app, token(), { 'x-forwarded-for': `192.0.2.${at}` }));
  return answers;
}

test('guesses - API tokens could be guessed without end by who asks all replicas in turn, under ever new names', async () => {
  const { both } = await replicas();
  const answers = await guessed(both, 20);
  const refused = guesses * both.length;
  expect(answers.filter((status) => status === 401)).toHaveLength(refused);
  expect(answers.slice(refused)).toEqual(Array(40 - refused).fill(429));
});

test.each([
  ['of another tenant', () => `pc_other_${randomBytes(32).toString('base64url')}`],
  ['without a tenant', () => 'pc_'],
  ['of another kind', () => randomBytes(32).toString('hex')],
  ['no token at all', () => ''],
])('guesses - %s count as well', async (_, token) => {
  const { both } = await replicas({ otherTokens: async () => ({ ok: false, message: 'not known' }) });
  expect((await guessed(both, guesses + 1, token)).slice(-both.length)).toEqual([429, 429]);
});

test('guesses - whoever has a token is served at every replica while somebody guesses from the same address', async () => {
  const { config, both } = await replicas();
  const token = config.grant('acme', 'sessions:read');
  await guessed(both, guesses + 1);
  for (const app of both) expect([await asked(app, guess()), await asked(app, token)]).toEqual([429, 200]);
});

test('guesses - a right one is not told apart from a wrong one once the limit is reached, unless it is whole', async () => {
  const { config, both } = await replicas();
  const token = config.grant('acme', 'sessions:read');
  await guessed(both, guesses);
  for (const app of both)
    expect([await asked(app, token.slice(0, -1)), await asked(app, `${token}x`)]).toEqual([429, 429]);
});
