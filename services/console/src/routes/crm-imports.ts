import { randomUUID } from 'node:crypto';
import { type ConfigStore, InvalidInput } from '@patchcord/bus';
import { aboutConnection } from '@patchcord/connectors';
import { type CrmImportJobs, requireFittingColumns } from '@patchcord/contacts';
import { contactImport, Failure, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { contactDatabaseOf } from '../usecases/contact-database.ts';

export interface CrmImportRoutes {
  readonly config: ConfigStore;
  readonly jobs: CrmImportJobs;
}

const tags = ['contacts'];
const onRequest = requireScope('contacts:write');

const body = z
  .strictObject({
    connection: token.meta({ description: 'A crm-connection' }),
    module: z.string().min(1).max(128).meta({ description: 'In the words of the CRM' }),
    columns: z.record(z.string().min(1).max(128), z.string().min(1).max(128)).meta({
      description: 'Column of the database to field of the CRM; `record.id` and `record.name` are of every record',
    }),
    modifiedSince: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Only what was changed then or later, where the CRM can tell' }),
    update: z
      .boolean()
      .default(false)
      .meta({ description: 'Contacts that are there already, by their external id, are changed; otherwise they stay' }),
    importId: token.optional().meta({ description: 'Names the import. Default: a new id' }),
  })
  .meta({
    examples: [
      {
        connection: 'crm',
        module: 'Contact',
        columns: { phone: 'MobilePhone', name: 'record.name', id: 'record.id' },
        update: true,
      },
    ],
  });

/** Imports from CRMs into contact databases: begun here, and gone on with by whichever replica has time. */
export function registerCrmImports(app: HttpServer, { config, jobs }: CrmImportRoutes): void {
  const schema = {
    summary: 'Imports the records of a module of a CRM, page by page; `GET /v1/imports/{importId}` tells how far it is',
    tags,
    params: z.object({ id: token }),
    body,
    response: { 202: contactImport },
  };
  app.post('/v1/contact-databases/:id/imports/crm', { onRequest, schema }, async (request, reply) => {
    const { tenantId, params, body: asked } = request;
    const where = contactDatabaseOf(config, tenantId, params.id);
    requireAble(config, tenantId, asked.connection);
    const { connection: connectionId, module, columns, modifiedSince, update, importId = randomUUID() } = asked;
    const since = modifiedSince === undefined ? {} : { modifiedSince };
    const job = { importId, update, connectionId, module, columns, ...since };
    requireFittingColumns(where, job);
    const state = await jobs.begin(tenantId, { ...job, databaseId: params.id });
    return reply.code(202).header('location', `/v1/imports/${importId}`).send(state);
  });
  const cancel = {
    summary: 'Cancels an import from a CRM; what was imported stays',
    tags,
    params: z.object({ importId: token }),
    response: { 202: z.object({ outcome: z.literal('cancelled') }) },
  };
  app.post('/v1/imports/:importId/cancel', { onRequest, schema: cancel }, async ({ tenantId, params }, reply) => {
    const outcome = await jobs.cancel(tenantId, params.importId);
    if (outcome === 'cancelled') return reply.code(202).send({ outcome });
    if (outcome === 'over') throw new Failure('permanent', 'conflict', 'the import is over already');
    throw new Failure('permanent', 'not_found', `there is no import "${params.importId}" from a CRM`);
  });
}

/** Said before the import begins, not by its failing. */
function requireAble(config: ConfigStore, tenantId: string, id: string): void {
  const connection = config.tenant(tenantId)['crm-connection'].get(id);
  const why =
    connection === undefined
      ? `there is no crm-connection "${id}"`
      : aboutConnection(connection).cannot['list-records'];
  if (why === undefined) return;
  const message = `expected a connection whose records can be listed: ${why}`;
  throw new InvalidInput('invalid_request', message, [{ path: 'connection', message }]);
}
