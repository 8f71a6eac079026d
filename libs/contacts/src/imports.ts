import type { ContactImportReport } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { createContacts } from './contacts.ts';
import { type ImportRequest, importCsv } from './import-csv.ts';
import { createImportLog, type ImportLog } from './import-log.ts';
import type { DatabaseOfTenant } from './prepare.ts';

export type { ImportRequest } from './import-csv.ts';

/** Imports of CSV files, and how far they are. */
export interface ContactImports extends Pick<ImportLog, 'get' | 'list'> {
  /** See {@link importCsv}. */
  run(where: DatabaseOfTenant, request: ImportRequest): Promise<ContactImportReport>;
}

export function createContactImports(redis: Redis): ContactImports {
  const log = createImportLog(redis);
  const contacts = createContacts(redis);
  return {
    run: (where, request) => importCsv({ contacts, log }, where, request),
    get: (tenantId, importId) => log.get(tenantId, importId),
    list: (tenantId) => log.list(tenantId),
  };
}
