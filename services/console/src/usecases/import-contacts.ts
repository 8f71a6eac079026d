import type { IncomingMessage } from 'node:http';
import type { ContactImports, DatabaseOfTenant } from '@patchcord/contacts';
import { type ContactImportReport, Failure } from '@patchcord/contracts';

/** Largest file (bytes). */
export const maxImportBytes = 2 * 1024 * 1024 * 1024;

export interface ImportUpload {
  readonly importId: string;
  readonly update: boolean;
  /** Column of the file to column of the database. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly upload: IncomingMessage;
}

/**
 * Imports a file while it is uploaded. When it is refused, what is still to come is read and thrown away: whoever is
 * sending would not see the answer of a connection that is closed under him.
 */
export async function importContacts(
  imports: Pick<ContactImports, 'run'>,
  where: DatabaseOfTenant,
  { importId, update, columns, upload }: ImportUpload,
): Promise<ContactImportReport> {
  try {
    return await imports.run(where, { importId, update, columns, source: limited(upload) });
  } catch (error) {
    upload.resume();
    throw error;
  }
}

async function* limited(upload: IncomingMessage): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of upload.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxImportBytes) {
      const message = `the file is larger than ${maxImportBytes} bytes: import it in parts, each with its header`;
      throw new Failure('permanent', 'payload_too_large', message);
    }
    yield chunk;
  }
}
