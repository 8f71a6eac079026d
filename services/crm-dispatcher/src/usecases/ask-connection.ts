import type { Crm, LookupResult } from '@patchcord/connectors';
import { type CrmConnection, Failure, type RoutingInput, type RoutingRule } from '@patchcord/contracts';
import { doneOr } from '../domain/crm-result.ts';
import { defined } from '../domain/defined.ts';
import { searchWithFields } from './phone-fields.ts';

/** What a rule asks of a CRM that is connected. */
export type ConnectedRule = RoutingRule & { readonly crm: NonNullable<RoutingRule['crm']> };

/** The CRM of the connection that a rule names. */
export interface Connected {
  readonly crm: Crm;
  readonly connection: CrmConnection;
}

/** Records that are looked at, to see whether they agree. */
const mostRecords = 20;

/**
 * The value of a field of whoever calls: found by the digits that he entered, or else by his number. Of several who are
 * as surely meant, and of whom the field says different things, nobody is chosen.
 */
export async function askConnection(
  connected: Connected,
  rule: ConnectedRule,
  input: RoutingInput,
): Promise<LookupResult> {
  const values = await valuesOf(connected, rule, input);
  if (values instanceof Failure) return { outcome: 'failed', failure: values };
  const [value, ...others] = new Set(values);
  if (value === undefined) return { outcome: 'not-found' };
  if (others.length === 0) return { outcome: 'found', value, read: 'field' };
  const message = `${values.length} records are meant, and "${rule.fieldName}" is not the same in all of them`;
  return { outcome: 'failed', failure: new Failure('permanent', 'several_match', message) };
}

async function valuesOf(
  { crm, connection }: Connected,
  rule: ConnectedRule,
  { ani, dtmf }: RoutingInput,
): Promise<string[] | Failure> {
  const { module, dtmfField } = rule.crm;
  if (dtmf !== undefined && dtmfField !== undefined && module !== undefined) {
    const filter = { module, equals: { [dtmfField]: dtmf }, fields: [rule.fieldName], limit: mostRecords };
    const found = doneOr(await crm.find(filter));
    return found instanceof Failure ? found : found.flatMap(({ fields }) => textOf(fields[rule.fieldName]));
  }
  if (ani === undefined) return [];
  const modules = module === undefined ? undefined : [module];
  const wanted = { number: ani, fields: [rule.fieldName], ...defined({ modules }) };
  const search = doneOr((await searchWithFields(crm, connection, wanted)).found);
  if (search instanceof Failure) return search;
  if (!search.searched) return [];
  const [best] = search.hits;
  return search.hits
    .filter(({ match }) => match === best?.match)
    .flatMap(({ fields }) => textOf(fields[rule.fieldName]));
}

/** A field that is empty says nothing. */
function textOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}
