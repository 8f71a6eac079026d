import { createHash } from 'node:crypto';
import type { Failure, MemorializedFieldResult } from '@patchcord/contracts';
import type { StepNote } from '../adapters/step-notes.ts';
import { defined } from '../domain/defined.ts';
import { type MappedFields, mappedFields } from '../domain/mapped-fields.ts';
import type { StepDone, StepScene, StepTools } from './step-scene.ts';
import { type FieldsWritten, mayBeAField, writeFields } from './write-fields.ts';

/** Writes the mapped fields of a linked record: those whose values are not there yet. */
export async function updateLinked(options: StepTools, scene: StepScene<'update'>): Promise<StepDone | Failure> {
  const { notes, lengths } = options;
  const { job, step, memorialization, connection, crm, about, userId: crmUserId, storyLink } = scene;
  const { record: ref } = step;
  const why = about.cannot.update;
  if (why !== undefined) return { outcome: 'unable', record: ref, message: why };
  const rows = memorialization.entities.find(({ module }) => module === ref.module)?.fields ?? [];
  const mapping = {
    record: job.record,
    context: { crmUserId, storyLink },
    lengths: await lengths(crm, `${job.tenantId} ${connection.id}`, ref.module),
  };
  const mapped = mappedFields(rows, mapping);
  const before = knownBefore(await notes.read(job), scene);
  const note = (done: FieldsWritten): Promise<void> => notes.keep(job, noteOf(before, mapped, done));
  const tried = await writeFields(changedOf(mapped, before), { write: (values) => crm.update(ref, values), note });
  const done = judged(tried, before);
  await note(done);
  if (done.failure !== undefined) return done.failure;
  const outcome = done.written.length + before.latest.fields.length + done.refused.size === 0 ? 'unchanged' : 'written';
  return { outcome, record: ref, fields: resultsOf(mapped, done, before) };
}

type Before = StepNote & { readonly latest: NonNullable<StepNote['latest']> };

/**
 * A process that died may have done a part of this revision. What the CRM refused of an earlier one is tried again with the
 * next, and when somebody replays dead work: it may take it by now.
 */
function knownBefore(note: StepNote, { job: { revision }, series }: StepScene<'update'>): Before {
  const isSame = note.latest?.revision === revision;
  const latest = isSame && note.latest !== undefined ? note.latest : { revision, fields: [] };
  return { ...note, refused: isSame && series === 1 ? note.refused : {}, latest };
}

/**
 * A record that took fields before is not what is refused. One that never took any may be, and its fields are not: they
 * are tried again when somebody has seen to it.
 */
function judged({ written, refused, failure }: FieldsWritten, { fields }: StepNote): FieldsWritten {
  if (failure === undefined || !mayBeAField(failure)) return { written, refused, ...defined({ failure }) };
  return Object.keys(fields).length > 0 ? { written, refused } : { written, refused: new Map(), failure };
}

/** Of a value, so that the same is known again. */
const printOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

/** What does not stand there, and was not refused already of this revision. */
function changedOf({ values }: MappedFields, { fields, refused }: StepNote): MappedFields['values'] {
  const isKnown = ([field, value]: [string, unknown]): boolean =>
    [fields[field], refused[field]?.print].includes(printOf(value));
  return Object.fromEntries(Object.entries(values).filter((entry) => !isKnown(entry)));
}

function noteOf(before: Before, { values }: MappedFields, { written, refused }: FieldsWritten): Partial<StepNote> {
  const fields = Object.fromEntries(written.map((field) => [field, printOf(values[field])]));
  const news = [...refused].map(([field, message]) => [field, { print: printOf(values[field]), message }]);
  const latest = { ...before.latest, fields: [...before.latest.fields, ...written] };
  return {
    fields: { ...before.fields, ...fields },
    refused: { ...before.refused, ...Object.fromEntries(news) },
    latest,
  };
}

function resultsOf(
  { results, values }: MappedFields,
  { written, refused }: FieldsWritten,
  before: Before,
): MemorializedFieldResult[] {
  return results.map((result) => {
    const { field } = result;
    const earlier = before.refused[field];
    const message = refused.get(field) ?? (earlier?.print === printOf(values[field]) ? earlier.message : undefined);
    if (message !== undefined) return { field, outcome: 'refused', message };
    const isThere = field in values && ![...written, ...before.latest.fields].includes(field);
    return isThere ? { field, outcome: 'unchanged' } : result;
  });
}
