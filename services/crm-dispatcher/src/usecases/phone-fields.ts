import { aboutConnection, type Crm, type CrmResult } from '@patchcord/connectors';
import type { CrmConnection, CrmSearchRequest, Failure } from '@patchcord/contracts';
import { defined } from '../domain/defined.ts';

type PhoneSearch = Awaited<ReturnType<Crm['searchByPhone']>>;
type Wanted = Pick<CrmSearchRequest, 'modules' | 'fields'> & {
  readonly number: string;
  /** All that is read of a module, those fields among it. Default: those fields. */
  readonly asked?: (module: string) => readonly string[];
};

/** By module the fields that it has not, of those that were asked for. */
export type MissingFields = Readonly<Record<string, readonly string[]>>;

/**
 * Looks for a number in several modules, of which not all have all fields that people want to see. Only a CRM that
 * refuses is asked for its fields, so that others are asked once. A field that no module has stays refused: it is
 * written wrongly.
 */
export async function searchWithFields(
  crm: Crm,
  connection: CrmConnection,
  { number, modules, fields, asked = () => fields }: Wanted,
): Promise<{ readonly found: PhoneSearch; readonly missing: MissingFields }> {
  const found = await crm.searchByPhone({ number, fields: asked, ...defined({ modules }) });
  if (fields.length === 0 || !wasRefused(found)) return { found, missing: {} };
  const missing = await missingFields(crm, searched(connection, modules), fields);
  if (missing === undefined) return { found, missing: {} };
  const ofModule = (module: string) => asked(module).filter((field) => missing[module]?.includes(field) !== true);
  return { found: await crm.searchByPhone({ number, fields: ofModule, ...defined({ modules }) }), missing };
}

/** As it is told: modules that have not all fields, and which of them they have not. */
export const lackingOf = (missing: MissingFields): { module: string; fields: string[] }[] =>
  Object.entries(missing).map(([module, fields]) => ({ module, fields: [...fields] }));

/** It has answered, and another request may be taken. */
const wasRefused = (found: CrmResult<unknown>): found is { outcome: 'failed'; failure: Failure } =>
  found.outcome === 'failed' && found.failure.class === 'permanent' && found.failure.status !== undefined;

const searched = (connection: CrmConnection, modules: readonly string[] | undefined): string[] =>
  aboutConnection(connection)
    .standardModules.filter(({ phoneFields }) => phoneFields.length > 0)
    .map(({ module }) => module)
    .filter((module) => modules === undefined || modules.includes(module));

/** Undefined: that some module lacks some field is not why it was refused. */
async function missingFields(
  crm: Crm,
  modules: readonly string[],
  fields: readonly string[],
): Promise<MissingFields | undefined> {
  const all = await Promise.all(modules.map((module) => crm.listFields(module)));
  const known = all.flatMap((listed) =>
    listed.outcome === 'done' ? [new Set(listed.value.map(({ name }) => name))] : [],
  );
  if (known.length < modules.length) return undefined;
  // A field of another record, as `Account.Name`, stands in no list.
  const own = fields.filter((field) => !field.includes('.'));
  if (own.some((field) => known.every((names) => !names.has(field)))) return undefined;
  const missing = modules.map((module, at) => [module, own.filter((field) => known[at]?.has(field) !== true)] as const);
  const lacking = missing.filter(([, names]) => names.length > 0);
  return lacking.length === 0 ? undefined : Object.fromEntries(lacking);
}
