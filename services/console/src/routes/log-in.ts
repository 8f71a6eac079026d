import { Failure, roles, scope, token } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import { z } from 'zod';
import type { LogIn, LogInOutcome } from '../usecases/log-in.ts';

const body = z.strictObject({
  tenant: token.optional(),
  username: z.string().min(1).max(128),
  password: z.string().min(1).max(256),
});
const granted = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().meta({ description: 'seconds' }),
  tenantId: z.string(),
  userId: z.string(),
  role: z.enum(roles),
  agentId: z.string().optional(),
  scopes: z.array(scope),
});

/** `POST /v1/login`: username and password become an access token for this API. */
export function registerLogIn(app: HttpServer, logIn: LogIn): void {
  const schema = {
    summary: 'Username and password for an access token; `tenant` where a username exists at several',
    description: 'The token is a bearer token for this service only: other services take API tokens.',
    tags: ['sign-in'],
    body,
    response: { 200: granted },
  };
  app.post('/v1/login', { schema }, async ({ body: { tenant, ...credentials }, ip }) =>
    grantOf(await logIn({ ...credentials, tenantId: tenant, address: ip })),
  );
}

function grantOf(outcome: LogInOutcome): z.output<typeof granted> {
  if (outcome.outcome === 'limited') {
    throw new Failure('throttled', 'too_many_tries', 'too many wrong passwords: wait', { retryAt: outcome.retryAt });
  }
  if (outcome.outcome === 'refused') {
    const message = 'username or password is not right; where several tenants have the username, name the tenant too';
    throw new Failure('permanent', 'unauthorized', message);
  }
  const { accessToken, expiresInSeconds, user, identity } = outcome;
  const { role, agentId } = user;
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    tenantId: identity.tenantId,
    userId: user.id,
    role,
    scopes: [...identity.scopes],
    ...(agentId === undefined ? {} : { agentId }),
  };
}
