import type { ConfigEntry, ConfigStore } from '@patchcord/bus';
import { type ConfigKind, configKinds, Failure, token, usesOf } from '@patchcord/contracts';
import { type HttpServer, identityOf, requireScope } from '@patchcord/runtime';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { etagOf, preconditionOf } from '../domain/etag.ts';
import { withoutPassword } from '../domain/password-field.ts';
import { getEntity, putEntity, removeEntity } from '../usecases/put-entity.ts';
import { bodyValue } from './yaml-body.ts';

const kind = z.enum(configKinds as [ConfigKind, ...ConfigKind[]]);
const params = z.object({ kind, id: token });
const onlyAdmins = { onRequest: requireScope('admin') };
const tags = ['configuration'];

const use = z.object({
  kind: z.string().meta({ description: 'Kind of the entity that refers to it' }),
  id: token,
  name: z.string(),
  path: z.string().meta({ description: 'Where within that entity, e.g. `dispositions[0].form`' }),
  module: token.optional().meta({ description: 'Of a flow: the module' }),
});

const version = z.object({
  revision: z.number(),
  at: z.string(),
  actor: z.string().optional(),
  /** Null when this version is its removal. */
  entity: z.unknown(),
});

/** `/v1/config/{kind}` and `/v1/config/{kind}/{id}`: one entity at a time, with revisions as entity tags. */
export function registerConfigEntities(app: HttpServer, config: ConfigStore): void {
  const list = { summary: 'All entities of a kind', tags, params: z.object({ kind }) };
  app.get('/v1/config/:kind', { ...onlyAdmins, schema: list }, async ({ tenantId, params: { kind } }) => ({
    kind,
    entities: [...config.tenant(tenantId)[kind].values()].map((entity) => withoutPassword(kind, entity)),
  }));

  const get = { summary: 'One entity; its ETag is its revision', tags, params };
  app.get('/v1/config/:kind/:id', { ...onlyAdmins, schema: get }, async ({ tenantId, params }, reply) =>
    sendEntry(reply, await getEntity(config, { tenantId, ...params })),
  );

  const put = { summary: 'Stores an entity; honours If-Match and If-None-Match: *', tags, params, body: z.unknown() };
  app.put('/v1/config/:kind/:id', { ...onlyAdmins, config: { yaml: true }, schema: put }, async (request, reply) => {
    const { tenantId, tokenId } = identityOf(request);
    const precondition = preconditionOf(request.headers);
    const entity = bodyValue(request.body);
    const stored = await putEntity(config, { tenantId, tokenId, ...request.params, precondition, entity });
    return sendEntry(reply.status(stored.created ? 201 : 200), stored.entry);
  });

  const remove = { summary: 'Removes an entity that nothing refers to; honours If-Match', tags, params };
  app.delete('/v1/config/:kind/:id', { ...onlyAdmins, schema: remove }, async (request, reply) => {
    const { tenantId, tokenId } = identityOf(request);
    const precondition = preconditionOf(request.headers);
    await removeEntity(config, { tenantId, tokenId, ...request.params, precondition });
    return reply.status(204).send();
  });

  const history = {
    summary: 'Versions, oldest first',
    tags,
    params,
    response: { 200: z.object({ versions: z.array(version) }) },
  };
  app.get('/v1/config/:kind/:id/history', { ...onlyAdmins, schema: history }, async ({ tenantId, params }) => {
    const versions = await config.history(tenantId, params.kind, params.id);
    if (versions.length === 0)
      throw new Failure('permanent', 'not_found', `there never was a ${params.kind} "${params.id}"`);
    return { versions: versions.map(versionOf) };
  });
  registerUses(app, config);
}

function registerUses(app: HttpServer, config: ConfigStore): void {
  const schema = {
    summary: 'Where an entity is used: what has to let go of it before it can be removed',
    tags,
    params,
    response: { 200: z.object({ uses: z.array(use) }) },
  };
  app.get('/v1/config/:kind/:id/uses', { ...onlyAdmins, schema }, async ({ tenantId, params: { kind, id } }) => {
    await getEntity(config, { tenantId, kind, id });
    return { uses: usesOf(config.tenant(tenantId), kind, id) };
  });
}

const sendEntry = (reply: FastifyReply, entry: ConfigEntry): FastifyReply =>
  reply.header('etag', etagOf(entry.revision)).send(withoutPassword(entry.kind, entry.entity));

const versionOf = ({ kind, revision, at, actor, entity }: ConfigEntry): z.output<typeof version> => ({
  revision,
  at,
  ...(actor === undefined ? {} : { actor }),
  entity: withoutPassword(kind, entity) ?? null,
});
