import type { Crm, RecordRef } from '@patchcord/connectors';
import { type CrmHit, mappedFields, mappedModulesOf, type TenantConfig } from '@patchcord/contracts';
import { descend } from '@patchcord/expressions';

interface Found extends RecordRef {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly url?: string;
  readonly match?: string;
  readonly field?: string;
}

/** A record as people are shown it: of its fields those that were asked for. */
export function hitOf(crm: Pick<Crm, 'deepLink'>, connection: string, record: Found, asked: readonly string[]): CrmHit {
  const { module, id, name, fields, match, field } = record;
  const url = record.url ?? crm.deepLink(record);
  const wanted = [...new Set([...asked, ...(field === undefined ? [] : [field])])];
  return {
    module,
    id,
    connection,
    name,
    fields: Object.fromEntries(wanted.flatMap((one) => valueAt(fields, one))),
    ...(url === undefined ? {} : { url }),
    ...(match === undefined ? {} : { match }),
    ...(field === undefined ? {} : { field }),
  };
}

/** `Account.Name` may be a field of that name, or a field of the record in `Account`. */
function valueAt(fields: Readonly<Record<string, unknown>>, name: string): [string, unknown][] {
  if (Object.hasOwn(fields, name)) return [[name, fields[name]]];
  const evaluation = descend(fields, name.split('.'));
  return 'found' in evaluation && evaluation.found ? [[name, evaluation.value]] : [];
}

/** Fields that the card shows of a module's records, beside those that are asked for. */
export function askedFields(
  config: TenantConfig,
  connection: string,
  { card, fields }: { readonly card: boolean; readonly fields: readonly string[] },
): (module: string) => readonly string[] {
  return (module) => {
    const mapped = card
      ? mappedModulesOf(config['data-mapping'], connection).find((one) => one.module === module)
      : undefined;
    return [...new Set([...fields, ...(mapped === undefined ? [] : mappedFields(mapped))])];
  };
}
