import type { ConfigStore } from '@patchcord/bus';
import { type ApiToken, scope, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import type { TokenUses } from '../adapters/token-uses.ts';
import { createToken, rotateToken, type ShownToken } from '../usecases/change-token.ts';
import { removeEntity } from '../usecases/put-entity.ts';
import { emptyBody } from './empty-body.ts';

const tags = ['API tokens'];
const onRequest = requireScope('admin');
const params = z.object({ id: token });
const instant = z.iso.datetime({ offset: true, error: 'expected a time with its zone, e.g. 2027-01-31T00:00:00Z' });
const longestGraceSeconds = 30 * 24 * 3600;

const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  /** Acts for this agent only. */
  agentId: z.string().optional(),
  expiresAt: z.string().optional(),
  /** Until then the token before the last rotation is valid too. */
  previousValidUntil: z.string().optional(),
  /** To the minute; absent when it was never used. */
  lastUsedAt: z.string().optional(),
});
const shownToken = tokenView.extend({ token: z.string().meta({ description: 'shown only now' }) });

const newToken = z.strictObject({
  id: token.optional(),
  name: z.string().min(1).max(128),
  scopes: z.array(scope).min(1),
  expiresAt: instant.optional(),
  agentId: token.optional(),
});
const rotation = z.strictObject({
  graceSeconds: z.number().int().min(0).max(longestGraceSeconds).default(3600),
  expiresAt: instant.optional(),
});

export interface TokenRoutes {
  readonly config: ConfigStore;
  readonly uses: TokenUses;
}

/** API tokens: made, rotated, listed with their last use, removed. A token's text is in no answer but its first. */
export function registerTokens(app: HttpServer, { config, uses }: TokenRoutes): void {
  const list = { summary: 'All API tokens', tags, response: { 200: z.object({ tokens: z.array(tokenView) }) } };
  app.get('/v1/tokens', { onRequest, schema: list }, async ({ tenantId }) => {
    const tokens = [...config.tenant(tenantId)['api-token'].values()];
    const used = await uses.all(tenantId);
    const known = new Set(tokens.map(({ id }) => id));
    await uses.forget(
      tenantId,
      [...used.keys()].filter((id) => !known.has(id)),
    );
    return { tokens: tokens.map((each) => viewOf(each, used.get(each.id))) };
  });

  const create = {
    summary: 'Makes a token; its text is shown once',
    tags,
    body: newToken,
    response: { 201: shownToken },
  };
  app.post('/v1/tokens', { onRequest, schema: create }, async (request, reply) => {
    const { tenantId, tokenId } = identityOf(request);
    return reply.status(201).send(shown(await createToken(config, { tenantId, tokenId, ...request.body }, Date.now())));
  });

  const rotate = {
    summary: 'Gives a token a new text, shown once; the one before stays valid for graceSeconds',
    tags,
    params,
    body: rotation,
    response: { 200: shownToken },
  };
  app.post('/v1/tokens/:id/rotate', { onRequest, preValidation: emptyBody, schema: rotate }, async (request) => {
    const { tenantId, tokenId } = identityOf(request);
    const command = { tenantId, tokenId, ...request.params, ...request.body };
    return shown(await rotateToken(config, command, Date.now()));
  });

  const remove = { summary: 'Removes a token: it is refused from then on', tags, params };
  app.delete('/v1/tokens/:id', { onRequest, schema: remove }, async (request, reply) => {
    const { tenantId, tokenId } = identityOf(request);
    const { id } = request.params;
    await removeEntity(config, { tenantId, tokenId, kind: 'api-token', id, precondition: {} });
    return reply.status(204).send();
  });
}

function viewOf(entity: ApiToken, lastUsedAt?: string): z.output<typeof tokenView> {
  const { id, name, scopes, agentId, expiresAt, previous } = entity;
  return {
    id,
    name,
    scopes,
    ...(agentId === undefined ? {} : { agentId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(previous === undefined ? {} : { previousValidUntil: previous.validUntil }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}

const shown = ({ token, entity }: ShownToken): z.output<typeof shownToken> => ({ ...viewOf(entity), token });
