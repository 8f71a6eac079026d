import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { Failure, rpc, secretInfo, token } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { actorOf } from '../domain/actor.ts';
import { secretReport, secretUsers } from '../domain/secret-use.ts';

const tags = ['secrets'];
const onRequest = requireScope('admin');
const params = z.object({ id: token });
const timeoutMs = 5000;

const value = z.string().min(1, 'expected the secret').max(65_536);
const body = z.union([value, z.strictObject({ value })], { error: 'expected {"value": "…"}, or text/plain' });
const usedBy = z.array(z.object({ kind: z.string(), id: z.string() })).readonly();
const report = z.object({
  secrets: z.array(secretInfo.extend({ usedBy })).readonly(),
  /** Needed by the configuration, and not set. */
  missing: z.array(z.object({ id: z.string(), usedBy })).readonly(),
});

export interface SecretRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
}

/** Sealed secrets: set and removed, and listed by what needs them. No answer holds a value. */
export function registerSecrets(app: HttpServer, { bus, config }: SecretRoutes): void {
  const list = { summary: 'Secrets without their values, what needs them, and which are missing', tags };
  app.get('/v1/secrets', { onRequest, schema: { ...list, response: { 200: report } } }, async ({ tenantId }) => {
    const { secrets } = await callRpc(bus, rpc.listSecrets, { tenantId }, { timeoutMs });
    return secretReport(config.tenant(tenantId), secrets);
  });

  const put = {
    summary: 'Sets a secret; JSON {"value": …} or text/plain. It is never read back',
    tags,
    params,
    body,
    response: { 200: secretInfo },
  };
  app.put('/v1/secrets/:id', { onRequest, schema: put }, async (request) => {
    const { tenantId, tokenId } = identityOf(request);
    const given = typeof request.body === 'string' ? request.body : request.body.value;
    const command = { tenantId, id: request.params.id, value: given, actor: actorOf(tokenId) };
    return callRpc(bus, rpc.putSecret, command, { timeoutMs });
  });

  const querystring = z.object({ force: z.enum(['true', 'false']).default('false') });
  const remove = { summary: 'Removes a secret; one that is needed only with force', tags, params, querystring };
  app.delete('/v1/secrets/:id', { onRequest, schema: remove }, async ({ tenantId, params: { id }, query }, reply) => {
    if (query.force !== 'true') demandUnused(config, tenantId, id);
    const { outcome } = await callRpc(bus, rpc.removeSecret, { tenantId, id }, { timeoutMs });
    if (outcome === 'unknown') throw new Failure('permanent', 'not_found', `there is no secret "${id}"`);
    return reply.status(204).send();
  });
}

function demandUnused(config: ConfigStore, tenantId: string, id: string): void {
  const [user] = secretUsers(config.tenant(tenantId)).get(id) ?? [];
  if (user === undefined) return;
  const message = `${user.kind} "${user.id}" needs the secret "${id}": change that first, or remove it with force=true`;
  throw new Failure('permanent', 'conflict', message);
}
