import { randomUUID } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import type { ContactImports } from '@patchcord/contacts';
import { contactImport, contactImportReport, Failure, token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { contactDatabaseOf } from '../usecases/contact-database.ts';
import { importContacts, maxImportBytes } from '../usecases/import-contacts.ts';

export interface ContactImportRoutes {
  readonly config: ConfigStore;
  readonly imports: ContactImports;
}

const tags = ['contacts'];
const reading = requireScope('contacts:read');
const assignment = z.record(z.string().max(256), z.string().min(1).max(128));

/** JSON in a query: a name may hold every character that could part two of them. */
const columns = z
  .string()
  .max(16_384)
  .transform((text, context) => {
    const read = assignment.safeParse(jsonOf(text));
    if (read.success) return read.data;
    context.addIssue({
      code: 'custom',
      message: 'expected a JSON object: column of the file to column of the database',
    });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'JSON: column of the file to column of the database; other columns are left out. Default: they have the same names',
    example: '{"Telephone":"phone","Full name":"name"}',
  });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const querystring = z.object({
  columns,
  update: z.enum(['true', 'false']).default('false').meta({
    description: 'Contacts that are there already, by their external id, are changed; otherwise they stay',
  }),
  importId: token.optional().meta({
    description: 'Names the import, so that `GET /v1/imports/{importId}` tells how far it is. Default: a new id',
  }),
});

/** Imports of CSV files into contact databases, and how far they are. */
export function registerContactImports(app: HttpServer, routes: ContactImportRoutes): void {
  void app.register(async (scope) => registerUpload(scope, routes));
  const { imports } = routes;
  const list = {
    summary: 'The last 100 imports, newest first',
    tags,
    response: { 200: z.object({ imports: z.array(contactImport) }) },
  };
  app.get('/v1/imports', { onRequest: reading, schema: list }, async ({ tenantId }) => ({
    imports: await imports.list(tenantId),
  }));

  const get = {
    summary: 'One import: how far it is, and the first 1,000 lines that were refused',
    tags,
    params: z.object({ importId: token }),
    response: { 200: contactImportReport },
  };
  app.get('/v1/imports/:importId', { onRequest: reading, schema: get }, async ({ tenantId, params: { importId } }) => {
    const found = await imports.get(tenantId, importId);
    if (found !== undefined) return found;
    throw new Failure('permanent', 'not_found', `there is no import "${importId}": they are kept for 30 days`);
  });
}

/** In a scope of its own: only here a body is text/csv, is not held in memory, and may take its time. */
function registerUpload(app: HttpServer, { config, imports }: ContactImportRoutes): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/csv', (_request, _payload, done) => done(null));
  const schema = {
    summary: 'Imports a CSV file (UTF-8, with a header) as it is uploaded; answers when it is read',
    tags,
    consumes: ['text/csv'],
    params: z.object({ id: token }),
    querystring,
    // Describes it: what comes is read as it comes, and never is the body of the request.
    body: z.string().nullish(),
    response: { 200: contactImportReport },
  };
  const options = {
    onRequest: requireScope('contacts:write'),
    schema,
    bodyLimit: maxImportBytes,
    config: { bodyTimeoutMs: 0 },
  };
  app.post('/v1/contact-databases/:id/imports', options, async ({ tenantId, params, query, raw: upload }, reply) => {
    const where = contactDatabaseOf(config, tenantId, params.id);
    const importId = query.importId ?? randomUUID();
    const { update, columns: assigned } = query;
    const report = await importContacts(imports, where, {
      importId,
      update: update === 'true',
      columns: assigned,
      upload,
    });
    return reply.header('location', `/v1/imports/${importId}`).send(report);
  });
}
