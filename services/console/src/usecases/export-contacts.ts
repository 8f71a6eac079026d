import type { Contacts, DatabaseOfTenant } from '@patchcord/contacts';

const pageSize = 500;

/**
 * All contacts as CSV (RFC 4180) that can be imported again as it is. Page by page: a database is never held in memory.
 * Whoever changes contacts meanwhile may see one twice; the import knows it again.
 */
export async function* exportContacts(
  contacts: Pick<Contacts, 'list'>,
  { tenantId, database }: DatabaseOfTenant,
): AsyncGenerator<string> {
  let heading = lineOf(database.columns);
  let cursor: string | undefined;
  do {
    const page = await contacts.list(tenantId, database.id, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const lines = page.contacts.map(({ values }) => lineOf(database.columns.map((column) => values[column] ?? '')));
    yield heading + lines.join('');
    heading = '';
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const lineOf = (fields: readonly string[]): string => `${fields.map(fieldOf).join(',')}\r\n`;

const fieldOf = (text: string): string => (/["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
