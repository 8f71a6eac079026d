import { Readable } from 'node:stream';
import type { ConfigStore } from '@patchcord/bus';
import type { Contacts } from '@patchcord/contacts';
import { token } from '@patchcord/contracts';
import { type HttpServer, requireScope } from '@patchcord/runtime';
import { z } from 'zod';
import { contactDatabaseOf } from '../usecases/contact-database.ts';
import { exportContacts } from '../usecases/export-contacts.ts';

export interface ContactExportRoutes {
  readonly config: ConfigStore;
  readonly contacts: Contacts;
}

/** All contacts of a database as a file. */
export function registerContactExports(app: HttpServer, { config, contacts }: ContactExportRoutes): void {
  const schema = {
    summary: 'All contacts as CSV (UTF-8, with a header), which can be imported again',
    tags: ['contacts'],
    params: z.object({ id: token }),
  };
  const onRequest = requireScope('contacts:read');
  app.get('/v1/contact-databases/:id/export', { onRequest, schema }, async ({ tenantId, params: { id } }, reply) => {
    const pages = exportContacts(contacts, contactDatabaseOf(config, tenantId, id));
    // Before the answer begins: what cannot be read is refused, and not a file that breaks off.
    const first = await pages.next();
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${id}.csv"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(from(first.value ?? '', pages)));
  });
}

async function* from(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
