import { z } from 'zod';
import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import { textOf } from '../crm/values.ts';
import { aboutOf, htmlOf } from './records.ts';
import { type Settings, v1, v2 } from './settings.ts';
import { call, dataOf } from './wire.ts';

export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const path = v1(api.settings, 'callLogs');
  const answer = await api.ask({ method: 'POST', path, json: bodyOf(api.settings, entry), writes: true });
  return { module: 'callLogs', id: String(dataOf(answer, call).id) };
}

const outcomes = { answered: 'connected', missed: 'no_answer', abandoned: 'no_answer', failed: 'no_answer' } as const;
/** Outcomes that an agent may have named by their names. */
const named = ['left_message', 'left_voicemail', 'wrong_number', 'busy', 'no_answer', 'connected'];

function bodyOf({ times, callsOfAgents }: Settings, entry: CallEntry): Record<string, unknown> {
  const { from, to, fields = {}, disposition = '', userId } = entry;
  const said = disposition
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const timeOf = times === 'iso' ? (instant: string) => instant : sqlTime;
  return {
    to_phone_number: to ?? 'unknown',
    ...(from === undefined ? {} : { from_phone_number: from }),
    outcome: named.includes(said) ? said : outcomes[entry.outcome],
    start_time: timeOf(entry.startedAt),
    end_time: timeOf(entry.endedAt),
    duration: String(entry.durationSeconds),
    subject: entry.subject,
    ...aboutOf(entry.about),
    ...(callsOfAgents && userId !== undefined ? { user_id: Number(userId) } : {}),
    ...fields,
    note: noteOf(entry),
  };
}

/** A call has no field for its direction, its recording and our key. A note that a mapping gives keeps the key. */
function noteOf(entry: CallEntry): string {
  const given = textOf(entry.fields?.note);
  const ours = callText(entry, ['notes', 'disposition', 'direction', 'outcome', 'recording']);
  return `${given === '' ? htmlOf(ours) : given}<br>${keyLine(entry.key)}`;
}

const keyLine = (key: string): string => htmlOf(`Call id: ${key}`);
const hasKey = (note: string | null | undefined, key: string): boolean =>
  (note ?? '').split(/<[^>]*>|\n/).some((line) => line.trim() === keyLine(key));

/** Most calls that it lists at once. */
const page = 50;

const listed = z.object({
  additional_data: z.looseObject({ pagination: z.looseObject({ more_items_in_collection: z.boolean() }) }).nullish(),
});

/**
 * Calls cannot be searched: those of the user of the connection are listed, in no order that is documented, and the key is
 * in the note. So the activities that calls make are looked through too, the last first; they are those of all users.
 */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  for (let start = 0; start < api.settings.lookBack; start += page) {
    const query = { start, limit: page };
    const answer = await api.ask({ method: 'GET', path: v1(api.settings, 'callLogs'), query });
    const one = dataOf(answer, z.array(call).nullable())?.find(({ note }) => hasKey(note, key));
    if (one !== undefined) return { module: 'callLogs', id: String(one.id) };
    const { additional_data: more } = listed.parse(answer.json);
    if (more?.pagination.more_items_in_collection !== true) break;
  }
  return findActivity(api, key);
}

async function findActivity(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const query = { sort_by: 'add_time', sort_direction: 'desc', limit: Math.min(api.settings.lookBack, 500) };
  const answer = await api.ask({ method: 'GET', path: v2(api.settings, 'activities'), query });
  const one = dataOf(answer, z.array(call).nullable())?.find(({ note }) => hasKey(note, key));
  return one === undefined ? undefined : { module: 'activities', id: String(one.id) };
}
