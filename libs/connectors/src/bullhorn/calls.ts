import { callText } from '../crm/call-text.ts';
import { clientId } from '../crm/client-id.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { query } from './search.ts';
import { ourselves } from './session.ts';
import type { Settings } from './settings.ts';
import { changed, idOf, quoted, valuesOf } from './wire.ts';

/** People, with whom a note is about somebody at once. */
const people = ['Candidate', 'ClientContact', 'Lead', 'CorporateUser'];

/**
 * A call is a note about the person; what else it was about is linked to the note. That may be refused when the note is
 * there already, so a call that needs it is looked for first.
 */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const known = entry.about.length > 1 ? await findCall(api, entry.key) : undefined;
  if (known !== undefined) {
    await updateCall(api, known, entry);
    return known;
  }
  const person = entry.about.find(({ module }) => people.includes(module)) ?? (await nobody(api));
  const values = {
    ...(await written(api, entry)),
    externalID: externalId(entry.key),
    personReference: reference(person),
  };
  const ref = await note(api, { ...values, ...valuesOf('Note', entry.fields ?? {}) });
  await linkAll(
    api,
    ref,
    entry.about.filter((one) => one !== person),
  );
  return ref;
}

async function note(api: CrmApi<Settings>, values: object): Promise<RecordRef> {
  const { json } = await api.ask({ method: 'PUT', path: ['entity', 'Note'], json: values, writes: true });
  return { module: 'Note', id: String(changed.parse(json).changedEntityId) };
}

async function nobody(api: CrmApi<Settings>): Promise<RecordRef> {
  const { unknownCallersTo } = api.settings;
  const id = unknownCallersTo ?? (await ourselves(api)).id;
  return { module: unknownCallersTo === undefined ? 'CorporateUser' : 'Person', id: String(id) };
}

const reference = (person: RecordRef): object => ({
  id: idOf(person),
  ...(person.module === 'Person' ? {} : { personSubtype: person.module }),
});

/** Who wrote it has to be said, or the note is not linked to the person. */
async function written(api: CrmApi<Settings>, entry: CallEntry): Promise<Record<string, unknown>> {
  const { inboundAction, outboundAction } = api.settings;
  const { userId, direction, startedAt } = entry;
  const action = direction === 'outbound' ? outboundAction : inboundAction;
  const author = userId === undefined ? (await ourselves(api)).id : idOf({ id: userId });
  return {
    ...contents(entry),
    ...(action === undefined ? {} : { action }),
    dateAdded: Date.parse(startedAt),
    commentingPerson: { id: author },
  };
}

const contents = (entry: CallEntry): { readonly comments: string; readonly minutesSpent: number } => ({
  comments: htmlOf(
    `${entry.subject}\n${callText(entry, ['notes', 'disposition', 'direction', 'duration', 'outcome', 'numbers', 'recording'])}`,
  ),
  minutesSpent: Math.ceil(entry.durationSeconds / 60),
});

const htmlOf = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br />');

/** The field takes 100 characters; a longer key becomes an id that always belongs to it. */
const externalId = (key: string): string => (key.length <= 100 ? key : clientId(key));

/** Asked of the database, as the index knows a note later only. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const where = [`externalID=${quoted(externalId(key))}`, 'isDeleted=false'];
  const [found] = await query(api, { module: 'Note', fields: ['externalID'], limit: 1 }, where);
  return found === undefined ? undefined : { module: 'Note', id: found.id };
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const json = { ...contents(entry), ...valuesOf('Note', entry.fields ?? {}) };
  await api.ask({ method: 'POST', path: ['entity', 'Note', String(idOf(ref))], json, writes: true });
  await linkAll(api, ref, entry.about);
}

export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  const { noteAction: action } = api.settings;
  const isPerson = people.includes(to.module);
  const ref = await note(api, {
    comments: htmlOf(text),
    ...(action === undefined ? {} : { action }),
    commentingPerson: { id: (await ourselves(api)).id },
    personReference: reference(isPerson ? to : await nobody(api)),
  });
  if (!isPerson) await linkAll(api, ref, [to]);
}

/** Only those that are not linked yet. People are users there. */
async function linkAll(api: CrmApi<Settings>, ref: RecordRef, others: readonly RecordRef[]): Promise<void> {
  if (others.length === 0) return;
  const fields = ['targetEntityID', 'targetEntityName'];
  const linked = await query(api, { module: 'NoteEntity', fields, limit: 500 }, [`note.id=${idOf(ref)}`]);
  for (const other of others) {
    const targetEntityName = people.includes(other.module) ? 'User' : other.module;
    const target = { targetEntityID: idOf(other), targetEntityName };
    const isLinked = linked.some(
      ({ fields: { targetEntityID: id, targetEntityName: name } }) =>
        id === target.targetEntityID && name === targetEntityName,
    );
    if (isLinked) continue;
    const json = { note: { id: idOf(ref) }, ...target };
    await api.ask({ method: 'PUT', path: ['entity', 'NoteEntity'], json, writes: true });
  }
}
