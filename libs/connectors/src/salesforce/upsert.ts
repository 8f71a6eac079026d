import { Failure } from '@patchcord/contracts';
import type { CrmAnswer, CrmApi, FailureMeaning, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { errorCodeOf } from './failures.ts';
import { literal, query } from './search.ts';
import { path, type Settings } from './settings.ts';
import { made, record } from './wire.ts';

/** The key stands in the path alone: in the body it would be an error. */
export async function upsert(api: CrmApi<Settings>, key: UpsertKey, values: FieldValues): Promise<RecordRef> {
  const { module, field, value } = key;
  const { [field]: _, ...json } = values;
  const answer = await api.ask({
    method: 'PATCH',
    path: path(api.settings, 'sobjects', module, field, value),
    json,
    headers: duplicateHeader(api.settings),
    expect: value.includes('.') ? [404] : [],
    writes: true,
  });
  if (answer.status === 404) return bySearch(api, key, values);
  return { module, id: await upsertId(api, answer, key) };
}

/** A value that ends like the name of a file (`.inc`) is 404 in a path. Then it is looked for, and made or changed. */
async function bySearch(api: CrmApi<Settings>, key: UpsertKey, values: FieldValues): Promise<RecordRef> {
  const { module, field, value } = key;
  const [found, other] = await query(api, { module, fields: [], limit: 2 }, `${field} = ${literal(value)}`);
  if (other !== undefined) throw new Failure('permanent', 'crm_ambiguous', 'several records have this external id');
  if (found === undefined) return create(api, module, { ...values, [field]: value });
  await update(api, found, values);
  return { module, id: found.id };
}

/** An answer to a change has the id since version 46; before, it is 204 without a body. */
export async function upsertId(api: CrmApi<Settings>, answer: CrmAnswer, key: UpsertKey): Promise<string> {
  const { data } = made.safeParse(answer.json);
  if (data !== undefined) return data.id;
  const { module, field, value } = key;
  const found = await api.ask({ method: 'GET', path: path(api.settings, 'sobjects', module, field, value) });
  return record.parse(found.json).Id;
}

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const answer = await api.ask({
    method: 'POST',
    path: path(api.settings, 'sobjects', module),
    json: values,
    headers: duplicateHeader(api.settings),
    writes: true,
  });
  return { module, id: made.parse(answer.json).id };
}

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  const headers = duplicateHeader(api.settings);
  await api.ask({
    method: 'PATCH',
    path: path(api.settings, 'sobjects', module, id),
    json: values,
    headers,
    writes: true,
  });
}

const duplicateHeader = ({ saveDuplicates }: Settings): Record<string, string> =>
  saveDuplicates ? { 'sforce-duplicate-rule-header': 'allowSave=true' } : {};

/** An expected status that turned out to be a failure after all. */
export function refused(answer: CrmAnswer, meaningOf: (answer: CrmAnswer) => FailureMeaning | undefined): Failure {
  const { status } = answer;
  const meaning = meaningOf(answer);
  if (meaning === undefined) return new Failure('permanent', `http_${status}`, `answered ${status}`, { status });
  return new Failure(meaning.class, meaning.code, meaning.message, { status });
}

/** There is no such record: it is missing, or was deleted. */
export const isMissing = (answer: CrmAnswer): boolean =>
  ['NOT_FOUND', 'ENTITY_IS_DELETED'].includes(errorCodeOf(answer) ?? '');
