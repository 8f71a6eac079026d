import type { DatabaseOfTenant } from '@patchcord/contacts';
import { contactDatabase } from '@patchcord/contracts';

/** Six columns; every fifth contact has a second number. */
export const databaseOfBench: DatabaseOfTenant = {
  tenantId: 'acme',
  region: 'US',
  database: contactDatabase.parse({
    id: 'customers',
    name: 'Customers',
    columns: ['id', 'phone', 'mobile', 'name', 'email', 'city'],
    phoneColumns: ['phone', 'mobile'],
    externalIdColumn: 'id',
  }),
};

const cities = ['Springfield', 'Buenos Aires', 'Berlin', 'Stockton', 'New Orleans'];
const rowsOfChunk = 1000;

/** The number of one contact: spread over area codes and endings as real ones are. */
export function phoneOf(at: number): string {
  const mixed = (at * 7_919_317) % 10_000_000;
  return `+1${200 + (at % 700)}${2_000_000 + (mixed % 7_999_999)}`;
}

export async function* fileOfContacts(rows: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('id,phone,mobile,name,email,city\n');
  for (let from = 0; from < rows; from += rowsOfChunk) {
    const count = Math.min(rowsOfChunk, rows - from);
    yield Buffer.from(Array.from({ length: count }, (_, at) => rowOf(from + at)).join(''));
  }
}

function rowOf(at: number): string {
  const mobile = at % 5 === 0 ? phoneOf(at + 5_000_000) : '';
  const name = `Customer Number ${at}`;
  return `00Q${String(at).padStart(9, '0')},${phoneOf(at)},${mobile},${name},customer.${at}@example.com,${cities[at % 5]}\n`;
}
