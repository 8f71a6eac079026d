import { Failure } from '@patchcord/contracts';
import { escapeHtml } from '@patchcord/expressions';
import type { CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { read } from './search.ts';
import { recordPath, type Settings, v1 } from './settings.ts';
import { bodyOf, dataOf, item } from './wire.ts';

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const path = recordPath(api.settings, module);
  const answer = await api.ask({ method: 'POST', path, json: bodyOf(module, values), writes: true });
  return { module, id: String(dataOf(answer, item).id) };
}

export async function update(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<void> {
  const json = bodyOf(ref.module, ref.module === 'persons' ? await withOthers(api, ref, values) : values);
  await api.ask({ method: 'PATCH', path: recordPath(api.settings, ref.module, ref.id), json, writes: true });
}

/** A list is written whole: who sets the number that counts keeps the others. */
async function withOthers(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<FieldValues> {
  const singles = (['phone', 'email'] as const).filter((single) => textOf(values[single]) !== '');
  if (singles.length === 0) return values;
  const before = (await read(api, ref, []))?.fields ?? {};
  const whole = singles.map((single) => {
    const first = textOf(values[single]);
    const known: unknown = before[`${single}s`];
    const others = (Array.isArray(known) ? known : []).map(textOf).filter((one) => one !== first && one !== '');
    return { [`${single}s`]: [first, ...others] };
  });
  const rest = Object.entries(values).filter(([name]) => name !== 'phone' && name !== 'email');
  return Object.assign(Object.fromEntries(rest), ...whole);
}

/** Fields with which a record names another. */
const links: Readonly<Record<string, string>> = {
  'persons organizations': 'org_id',
  'deals persons': 'person_id',
  'deals organizations': 'org_id',
  'leads persons': 'person_id',
  'leads organizations': 'organization_id',
};

/** Whichever of the two has a field for the other. What stood in it before is replaced. */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  const there = links[`${from.module} ${to.module}`];
  if (there !== undefined) return update(api, from, { [there]: to.id });
  const back = links[`${to.module} ${from.module}`];
  if (back !== undefined) return update(api, to, { [back]: from.id });
  throw new Failure('permanent', 'crm_link', `Pipedrive links no ${from.module} to ${to.module} by a field of theirs`);
}

/** Fields of notes and calls that name what they are about. */
const about: Readonly<Record<string, string>> = {
  persons: 'person_id',
  organizations: 'org_id',
  deals: 'deal_id',
  leads: 'lead_id',
};

/** One record of a kind, the first; a deal and a lead not both. */
export function aboutOf(refs: readonly RecordRef[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { module, id } of refs) {
    const field = about[module];
    const isTaken = (module === 'leads' && 'deal_id' in fields) || (module === 'deals' && 'lead_id' in fields);
    if (field !== undefined && !isTaken) fields[field] ??= module === 'leads' ? id : Number(id);
  }
  return fields;
}

export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  const json = { content: htmlOf(text), ...aboutOf([to]) };
  await api.ask({ method: 'POST', path: v1(api.settings, 'notes'), json, writes: true });
}

/** Notes are HTML. */
export const htmlOf = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
