import { z } from 'zod';
import type { CrmApi, RecordRef } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';

/** How a table is asked for. */
export interface Table {
  /** Its logical name: `contact`. */
  readonly module: string;
  /** In addresses: `contacts`. */
  readonly set: string;
  readonly idColumn: string;
  readonly nameColumn: string;
}

const known: Readonly<Record<string, readonly [set: string, idColumn: string, nameColumn: string]>> = {
  account: ['accounts', 'accountid', 'name'],
  annotation: ['annotations', 'annotationid', 'subject'],
  connection: ['connections', 'connectionid', 'name'],
  contact: ['contacts', 'contactid', 'fullname'],
  incident: ['incidents', 'incidentid', 'title'],
  lead: ['leads', 'leadid', 'fullname'],
  opportunity: ['opportunities', 'opportunityid', 'name'],
  phonecall: ['phonecalls', 'activityid', 'subject'],
  systemuser: ['systemusers', 'systemuserid', 'fullname'],
  task: ['tasks', 'activityid', 'subject'],
};

const definition = z.looseObject({
  EntitySetName: z.string(),
  PrimaryIdAttribute: z.string(),
  PrimaryNameAttribute: z.string().nullish(),
});

/** Tables that every organisation has are known; of others the description is asked. */
export async function tableOf(api: CrmApi<Settings>, module: string): Promise<Table> {
  const [set, idColumn, nameColumn] = known[module] ?? [];
  if (set !== undefined && idColumn !== undefined && nameColumn !== undefined)
    return { module, set, idColumn, nameColumn };
  const query = { $select: 'EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute' };
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, definitionOf(module)), query });
  const { EntitySetName, PrimaryIdAttribute, PrimaryNameAttribute } = definition.parse(json);
  const name = PrimaryNameAttribute ?? PrimaryIdAttribute;
  return { module, set: EntitySetName, idColumn: PrimaryIdAttribute, nameColumn: name };
}

export const definitionOf = (module: string): string => `EntityDefinitions(LogicalName='${escaped(module)}')`;
export const escaped = (text: string): string => text.replaceAll("'", "''");

/** As a link to it is written: `/contacts(8f…)`. */
export async function bindOf(api: CrmApi<Settings>, { module, id }: RecordRef): Promise<string> {
  return `/${(await tableOf(api, module)).set}(${id})`;
}
