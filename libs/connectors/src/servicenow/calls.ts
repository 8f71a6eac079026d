import { Failure } from '@patchcord/contracts';
import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { missingColumns } from './columns.ts';
import { isEqual, joined } from './query.ts';
import type { Settings } from './settings.ts';
import { readRow, rowsOf, writeRow } from './table.ts';
import type { Row } from './wire.ts';

const interaction = 'interaction';

/** Looked for before it is made: nothing in ServiceNow keeps a key from being there twice. */
export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const there = await findCall(api, entry.key);
  if (there !== undefined) {
    await written?.(there);
    await updateCall(api, there, entry);
    return there;
  }
  const made = await writeRow(api, { module: interaction }, valuesOf(api.settings, entry));
  const ref = { module: interaction, id: textOf(made.sys_id) };
  await written?.(ref);
  await linkAll(api, ref, entry);
  keptKey(api.settings, made, entry);
  return ref;
}

/** A row that has not our key came because ServiceNow passed over the condition. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const { callKeyColumn: column } = api.settings;
  const found = await rowsOf(api, { table: interaction, query: isEqual(column, key), columns: [column], limit: 2 });
  if (found === undefined) throw new Failure('permanent', 'crm_no_calls', noTable);
  const ours = found.find((row) => row[column] === key);
  if (ours === undefined && found.length > 0) throw noColumn(column);
  return ours === undefined ? undefined : { module: interaction, id: textOf(ours.sys_id) };
}

const noTable = 'there is no table interaction: activate Interaction Management in ServiceNow';

const noColumn = (column: string): Failure =>
  new Failure(
    'permanent',
    'crm_key_column',
    `the table interaction keeps no key in the column ${column}: make a text column for it, and name it in callKeyColumn`,
  );

/** A column that the table has not, or that the user may not write, is passed over without a word. */
function keptKey({ callKeyColumn: column }: Settings, made: Row, { key }: CallEntry): void {
  if (made[column] !== key) throw noColumn(column);
}

/** For a connection that is tried out. A user who may not read the dictionary is told so by the first search. */
export async function checkCalls(api: CrmApi<Settings>): Promise<void> {
  const { callKeyColumn: column } = api.settings;
  if ((await missingColumns(api, interaction, [column]))?.includes(column) === true) throw noColumn(column);
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const { notesColumn } = api.settings;
  const { [notesColumn]: notes, ...values } = valuesOf(api.settings, entry);
  const isTold = await hasNote(api, ref, notesColumn, textOf(notes));
  await writeRow(api, ref, isTold ? values : { ...values, [notesColumn]: notes });
  await linkAll(api, ref, entry);
}

/** Work notes are a journal: what is written again stands there again. Who may not read it gets the note twice. */
async function hasNote(
  api: CrmApi<Settings>,
  { id, module }: RecordRef,
  column: string,
  text: string,
): Promise<boolean> {
  const query = joined([`element_id=${id}`, `name=${module}`, `element=${column}`]);
  const columns = ['element_id', 'element', 'value'];
  try {
    const found = (await rowsOf(api, { table: 'sys_journal_field', query, columns, limit: 200 })) ?? [];
    return found.some((row) => row.element_id === id && row.element === column && sameText(row.value, text));
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.class === 'permanent') return false;
    throw thrown;
  }
}

const sameText = (stored: unknown, text: string): boolean =>
  textOf(stored).replaceAll('\r\n', '\n').trim() === text.trim();

/** Users and contacts are both users: an interaction is opened for one of them. */
const people = ['sys_user', 'customer_contact'];

function valuesOf(settings: Settings, entry: CallEntry): FieldValues {
  const { direction, outcome, userId } = entry;
  const person = entry.about.find(({ module }) => people.includes(module));
  const choices = {
    type: settings.callType,
    channel: settings.callChannel,
    direction: direction === 'outbound' ? settings.outboundValue : settings.inboundValue,
    state: outcome === 'answered' ? settings.stateAnswered : settings.stateUnanswered,
  };
  return {
    ...Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== '')),
    short_description: entry.subject,
    opened_at: entry.startedAt,
    closed_at: entry.endedAt,
    [settings.notesColumn]: textOfCall(entry),
    ...(person === undefined ? {} : { opened_for: person.id }),
    ...(userId === undefined ? {} : { assigned_to: userId }),
    ...entry.fields,
    [settings.callKeyColumn]: entry.key,
  };
}

const textOfCall = (entry: CallEntry): string =>
  callText(entry, ['notes', 'disposition', 'direction', 'numbers', 'duration', 'outcome', 'recording']);

async function linkAll(api: CrmApi<Settings>, ref: RecordRef, { about }: CallEntry): Promise<void> {
  const opened = about.find(({ module }) => people.includes(module));
  for (const one of about) if (one !== opened) await link(api, ref, one);
}

const links = 'interaction_related_record';

/** A link that is there already is not made again. One of the two has to be an interaction. */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  const [call, other] = from.module === interaction ? [from, to] : [to, from];
  if (call.module !== interaction) throw new Failure('permanent', 'crm_link', noLink);
  const query = joined([`interaction=${call.id}`, `document_id=${other.id}`]);
  const columns = ['interaction', 'document_id'];
  const found = (await rowsOf(api, { table: links, query, columns, limit: 5 })) ?? [];
  if (found.some((row) => row.interaction === call.id && row.document_id === other.id)) return;
  const { relatedTaskTables, relatedTaskType: type } = api.settings;
  const isTyped = type !== '' && relatedTaskTables.includes(other.module);
  await writeRow(
    api,
    { module: links },
    {
      interaction: call.id,
      document_table: other.module,
      document_id: other.id,
      ...(isTyped ? { type } : {}),
    },
  );
}

const noLink =
  'ServiceNow links an interaction to a record: of other records write the column that refers to the other';

/** Work notes are there for tasks, cases and interactions; what a table has not is passed over without a word. */
export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  const column = 'work_notes';
  const before = await readRow(api, to, [column]);
  if (before === undefined || !(column in before)) throw new Failure('permanent', 'crm_no_notes', noNotes(to.module));
  await writeRow(api, to, { [column]: text });
}

const noNotes = (table: string): string =>
  `there is no such record in ${table}, or the table has no work notes: attach the note to a task, a case or an interaction`;
