import type { Crm } from '@patchcord/connectors';

/** Most characters by field of a module, as far as the CRM tells. */
export type FieldLengths = (crm: Crm, connection: string, module: string) => Promise<ReadonlyMap<string, number>>;

const keepMs = 10 * 60_000;
/** After one that was not answered. */
const keepFailedMs = 60_000;
/** Of all connections together. */
const maxModules = 1000;

interface Known {
  readonly lengths: Promise<ReadonlyMap<string, number>>;
  until: number;
}

/** Asks the CRM once in ten minutes. One that does not tell cuts nothing: it may refuse the field then, and says so. */
export function createFieldLengths(now: () => number): FieldLengths {
  const known = new Map<string, Known>();
  const ask = async (crm: Crm, module: string, entry: Known): Promise<ReadonlyMap<string, number>> => {
    const listed = await crm.listFields(module);
    if (listed.outcome === 'failed') entry.until = now() + keepFailedMs;
    const fields = listed.outcome === 'done' ? listed.value : [];
    return new Map(fields.flatMap(({ name, maxLength }) => (maxLength === undefined ? [] : [[name, maxLength]])));
  };
  return (crm, connection, module) => {
    const key = `${connection} ${module}`;
    const before = known.get(key);
    if (before !== undefined && before.until > now()) return before.lengths;
    if (known.size >= maxModules) known.clear();
    const entry = { until: now() + keepMs } as { until: number; lengths: Known['lengths'] };
    entry.lengths = ask(crm, module, entry);
    known.set(key, entry);
    return entry.lengths;
  };
}
