import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import { textOf } from '../crm/values.ts';
import { query, quoted } from './search.ts';
import { ownerOf } from './session.ts';
import { callModule, type Settings } from './settings.ts';
import { resultOf, writing, written } from './wire.ts';

/** Makes a record. Who owns it has to be said. */
export async function create(
  api: CrmApi<Settings>,
  module: string,
  values: Readonly<Record<string, unknown>>,
): Promise<RecordRef> {
  const element = { ...values, assigned_user_id: values.assigned_user_id ?? (await ownerOf(api)) };
  const args = { elementType: module, element: JSON.stringify(element) };
  const { id } = await resultOf(api, writing(api.settings, 'create', args), written);
  return { module, id };
}

/** `revise` leaves alone what it is not told; `update` would empty it. */
export async function update(
  api: CrmApi<Settings>,
  { id }: RecordRef,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const element = JSON.stringify({ ...values, id });
  await resultOf(api, writing(api.settings, 'revise', { element }), written);
}

/** What is said of the call goes before the call: once the call is there, all of it is. */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const owner = await ownerOf(api, entry.userId);
  await noted(api, entry, owner);
  return create(api, callModule(api.settings), {
    ...changing(api.settings, entry),
    direction: entry.direction === 'outbound' ? 'outbound' : 'inbound',
    starttime: sqlTime(entry.startedAt),
    endtime: sqlTime(entry.endedAt),
    [api.settings.keyField]: entry.key,
    customernumber: (entry.direction === 'outbound' ? entry.to : entry.from) ?? 'unknown',
    user: owner,
    assigned_user_id: owner,
    ...entry.fields,
  });
}

/** A key may be there more than once, made by others: the CRM does not keep it unique (recorded). The first counts. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const module = callModule(api.settings);
  const condition = `${api.settings.keyField}=${quoted(key)}`;
  const [found] = await query(api, { module, fields: [], limit: 1 }, condition);
  return found === undefined ? undefined : { module, id: found.id };
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  await noted(api, entry, await ownerOf(api, entry.userId));
  await update(api, ref, { ...changing(api.settings, entry), ...entry.fields });
}

const statuses = { answered: 'completed', missed: 'no-answer', abandoned: 'no-answer', failed: 'failed' } as const;

/** What may become known later. */
function changing({ notesField }: Settings, entry: CallEntry): Record<string, unknown> {
  const customer = entry.about.find(({ module }) => ['Contacts', 'Leads', 'Accounts'].includes(module));
  const { recordingUrl = '', durationSeconds, outcome } = entry;
  return {
    callstatus: statuses[outcome],
    totalduration: durationSeconds,
    billduration: outcome === 'answered' ? durationSeconds : 0,
    ...(recordingUrl === '' || recordingUrl.length > longestUrl ? {} : { recordingurl: recordingUrl }),
    ...(customer === undefined ? {} : { customer: customer.id }),
    ...(notesField === undefined ? {} : { [notesField]: `${entry.subject}\n${textOfCall(entry)}` }),
  };
}

/** `recordingurl` is a varchar(200); a longer address stands in the text alone. */
const longestUrl = 200;

const textOfCall = (entry: CallEntry): string =>
  callText(entry, ['notes', 'disposition', 'numbers', 'duration', 'outcome', 'recording', 'key']);

/** A call has no text of its own: an activity of the kind Call has, found again by the key in it. Its owner stays. */
async function noted(api: CrmApi<Settings>, entry: CallEntry, owner: string): Promise<void> {
  if (api.settings.notesField !== undefined) return;
  const there = await activity(api, entry);
  if (there !== undefined) return update(api, there, activityOf(entry));
  await create(api, 'Events', { ...activityOf(entry), assigned_user_id: owner });
}

/** Of its day, so that not all texts are read. An underline in a key is any character to `LIKE`: the text has the last word. */
async function activity(api: CrmApi<Settings>, { key, startedAt }: CallEntry): Promise<RecordRef | undefined> {
  const line = `Call id: ${key}`;
  const day = quoted(sqlTime(startedAt).slice(0, 10));
  const condition = `activitytype='Call' AND date_start=${day} AND description LIKE ${quoted(`%${line}%`)}`;
  const found = await query(api, { module: 'Events', fields: ['description'], limit: 20 }, condition);
  return found.find(({ fields }) => textOf(fields.description).split(/\r?\n/).includes(line));
}

function activityOf(entry: CallEntry): Record<string, unknown> {
  const [startDate, startTime] = sqlTime(entry.startedAt).split(' ');
  const [endDate, endTime] = sqlTime(entry.endedAt).split(' ');
  const contact = entry.about.find(({ module }) => module === 'Contacts');
  const parent = entry.about.find(({ module }) => parents.includes(module));
  return {
    subject: entry.subject,
    activitytype: 'Call',
    eventstatus: entry.outcome === 'answered' ? 'Held' : 'Not Held',
    date_start: startDate,
    time_start: startTime,
    due_date: endDate,
    time_end: endTime,
    duration_hours: Math.floor(entry.durationSeconds / 3600),
    description: textOfCall(entry),
    ...(contact === undefined ? {} : { contact_id: contact.id }),
    ...(parent === undefined ? {} : { parent_id: parent.id }),
  };
}

/** What an activity can stand at beside a contact. */
const parents = ['Leads', 'Accounts', 'Potentials', 'HelpDesk'];
