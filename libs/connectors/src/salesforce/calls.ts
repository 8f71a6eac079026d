import { placesOf } from '../crm/about.ts';
import { callText } from '../crm/call-text.ts';
import { clientId } from '../crm/client-id.ts';
import { cutText } from '../crm/fit.ts';
import type { CallEntry, CrmAnswer, CrmApi, RecordRef } from '../crm/port.ts';
import { errorCodeOf, failureOf } from './failures.ts';
import { literal, query } from './search.ts';
import { path, type Settings } from './settings.ts';
import { refused, upsertId } from './upsert.ts';
import { made } from './wire.ts';

/** `CallObject` is there in every organisation with calls, can be searched, and holds 255 characters. */
const standardKeyField = 'CallObject';
const mostDescription = 32_000;

/** With a key field of its own, a call is made or changed by one request; else it is looked for, then made. */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const { callKeyField: field } = api.settings;
  const values = { ...valuesOf(api.settings, entry), TaskSubtype: 'Call' };
  if (field !== undefined) return upsertCall(api, field, keyOf(entry.key), values);
  const known = await findCall(api, entry.key);
  if (known !== undefined) {
    await updateCall(api, known, entry);
    return known;
  }
  const json = { ...values, [standardKeyField]: keyOf(entry.key) };
  const answer = await api.ask({ method: 'POST', path: path(api.settings, 'sobjects', 'Task'), json, writes: true });
  return { module: 'Task', id: made.parse(answer.json).id };
}

/** What a task is for can only be said when it is made: of one that is there already it is left out. */
async function upsertCall(
  api: CrmApi<Settings>,
  field: string,
  value: string,
  { TaskSubtype, ...values }: Record<string, unknown>,
): Promise<RecordRef> {
  const ask = (json: unknown, expect: number[]) =>
    api.ask({
      method: 'PATCH',
      path: path(api.settings, 'sobjects', 'Task', field, value),
      json,
      expect,
      writes: true,
    });
  const first = await ask({ ...values, TaskSubtype }, [400]);
  if (first.status !== 400) return { module: 'Task', id: await upsertId(api, first, { module: 'Task', field, value }) };
  if (!isThereAlready(first)) throw refused(first, failureOf);
  const again = await ask(values, []);
  return { module: 'Task', id: await upsertId(api, again, { module: 'Task', field, value }) };
}

/** Either it says so of what is set once, or another process made the same call in the same moment. */
function isThereAlready(answer: CrmAnswer): boolean {
  const code = errorCodeOf(answer);
  return (
    code === 'DUPLICATE_VALUE' || (code === 'INVALID_FIELD_FOR_INSERT_UPDATE' && answer.text.includes('TaskSubtype'))
  );
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const field = api.settings.callKeyField ?? standardKeyField;
  const [found] = await query(api, { module: 'Task', fields: [], limit: 1 }, `${field} = ${literal(keyOf(key))}`);
  return found === undefined ? undefined : { module: 'Task', id: found.id };
}

export async function updateCall(api: CrmApi<Settings>, { id }: RecordRef, entry: CallEntry): Promise<void> {
  const json = valuesOf(api.settings, entry);
  await api.ask({ method: 'PATCH', path: path(api.settings, 'sobjects', 'Task', id), json, writes: true });
}

/** In a path, a value with a dot may look like the name of a file, and is then 404. Such keys become an id. */
const keyOf = (key: string): string => (/^[\w-]{1,255}$/.test(key) ? key : clientId(key));

/** Most that a field for addresses holds. */
const mostUrl = 255;

/** A task has a date only: the times stand in the description. */
function valuesOf({ recordingField }: Settings, entry: CallEntry): Record<string, unknown> {
  const { direction, durationSeconds, disposition, outcome, recordingUrl = '', userId } = entry;
  const hasField = recordingField !== undefined && recordingUrl !== '' && recordingUrl.length <= mostUrl;
  const text = callText(entry, ['notes', 'numbers', 'times', 'outcome', ...(hasField ? [] : ['recording' as const])]);
  return {
    Subject: entry.subject,
    Status: 'Completed',
    Priority: 'Normal',
    ActivityDate: entry.startedAt.slice(0, 10),
    CallType: callTypes[direction],
    CallDurationInSeconds: Math.round(durationSeconds),
    CallDisposition: disposition ?? outcome,
    Description: cutText(text, mostDescription),
    ...placed(entry),
    ...(hasField ? { [recordingField]: recordingUrl } : {}),
    ...(userId === undefined ? {} : { OwnerId: userId }),
    ...entry.fields,
  };
}

const callTypes = { inbound: 'Inbound', outbound: 'Outbound', internal: 'Internal' } as const;

/** One person, and one matter; at a lead nothing else may stand. */
export function placed(entry: Pick<CallEntry, 'about'>): Record<string, string> {
  const { person, matter } = placesOf(entry, { people: ['Contact', 'Lead'], company: 'Account' });
  return {
    ...(person === undefined ? {} : { WhoId: person.id }),
    ...(matter === undefined || person?.module === 'Lead' ? {} : { WhatId: matter.id }),
  };
}
