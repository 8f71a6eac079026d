import { offsetOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted } from '../crm/port-lists.ts';
import { modules, partsOf, resourceOf } from './resources.ts';
import { page, wholeNumbers } from './search.ts';
import type { Settings } from './settings.ts';
import { recordOf } from './wire.ts';

/** Most that an answer has. */
const mostRows = 499;

/** In the order of what people see as their numbers, by number of records. Telephone numbers are put together. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module } = wanted;
  const [offset, limit] = [offsetOf(wanted.cursor), Math.min(wanted.limit, mostRows)];
  const numbers = modules.find((one) => one.module === module)?.phoneFields ?? [];
  const asked = numbers.filter((field) => wanted.fields.includes(field));
  const parts = asked.map(partsOf).flatMap(({ country, area }) => [country, area]);
  const orderBy = `${resourceOf(module).number}:asc`;
  const found = await page(api, { module, fields: [...wanted.fields, ...parts], limit, offset, orderBy }, '');
  const records = found.items.map((one) => recordOf(module, { ...one, ...wholeNumbers(one, asked) }));
  return found.hasMore ? { records, next: String(offset + limit) } : { records };
}
