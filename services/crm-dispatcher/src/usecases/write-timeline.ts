import { createHash } from 'node:crypto';
import { itemText } from '@patchcord/call-model';
import { type CallEntry, type CrmResult, crmConnectors, type RecordRef } from '@patchcord/connectors';
import type { Failure, Memorialization, MemorializationStep, MemorializedFieldResult } from '@patchcord/contracts';
import { callEntryOf } from '../domain/call-entry.ts';
import { defined } from '../domain/defined.ts';
import { type MappedFields, mappedFields } from '../domain/mapped-fields.ts';
import { stepJob } from '../domain/memorialization-steps.ts';
import { doneOf, type Scene, type StepDone, type StepScene, type StepTools } from './step-scene.ts';
import { mayBeAField, writeFields } from './write-fields.ts';

type Timeline = Exclude<Memorialization['timeline'], false>;

/** Writes the entry in the CRM's timeline, once; what became known later into the same. */
export async function writeTimeline(options: StepTools, scene: StepScene<'timeline'>): Promise<StepDone | Failure> {
  const { notes } = options;
  const { job, memorialization, step } = scene;
  const { timeline } = memorialization;
  if (timeline === false) return { outcome: 'unable', message: 'the memorialization writes no timeline any more' };
  const mapped = await fieldsOf(options, scene, timeline);
  const { first, others } = placesOf(scene, step.about);
  const entry = entryOf(scene, timeline, { about: first, fields: mapped.values });
  const print = createHash('sha256').update(JSON.stringify(entry)).digest('base64url');
  const before = await notes.read(job);
  const after = (ref: RecordRef, again: boolean) =>
    options.addSteps(further(scene, { ref, again, others }).map((next) => stepJob(job, next)));
  if (before.print === print && before.ref !== undefined) {
    await after(before.ref, false);
    return { outcome: 'unchanged', record: before.ref };
  }
  const logged = await logWithFields(scene, entry, mapped);
  if (logged.outcome !== 'done') return doneOf(logged, never);
  const { ref, again, fields } = logged.value;
  await notes.keep(job, { print, ref });
  await after(ref, again);
  return { outcome: 'written', record: ref, fields: [...fields] };
}

const never = (): StepDone => ({ outcome: 'unchanged' });

async function fieldsOf(
  { lengths }: StepTools,
  { job, connection, crm, about, userId: crmUserId, storyLink }: Scene,
  { fields }: Timeline,
): Promise<MappedFields> {
  if (fields.length === 0) return { values: {}, results: [] };
  const known = await lengths(crm, `${job.tenantId} ${connection.id}`, about.calls.module);
  return mappedFields(fields, { record: job.record, context: { crmUserId, storyLink }, lengths: known });
}

/** Where further records are linked one by one, each is work of its own; else the CRM gets all of them at once. */
function placesOf({ connection }: Scene, about: readonly RecordRef[]) {
  const isMany = crmConnectors[connection.connector]?.calls.linksMany === true;
  return isMany ? { first: about.slice(0, 1), others: about.slice(1) } : { first: about, others: [] };
}

interface EntryParts {
  readonly about: readonly RecordRef[];
  readonly fields: MappedFields['values'];
}

function entryOf(
  { job, userId, storyLink }: Scene,
  { subject, notes }: Timeline,
  { about, fields }: EntryParts,
): CallEntry {
  const { record } = job;
  const context = { crmUserId: userId, storyLink };
  const texts = {
    ...(subject === undefined ? {} : { subject: itemText(subject, record, context) }),
    ...(notes === undefined ? {} : { notes: itemText(notes, record, context) }),
  };
  const entry = callEntryOf(record, about, job.occurredAt);
  return { ...entry, ...texts, ...defined({ userId }), ...(Object.keys(fields).length === 0 ? {} : { fields }) };
}

interface Logged {
  readonly ref: RecordRef;
  readonly again: boolean;
  readonly fields: readonly MemorializedFieldResult[];
}

/** When the CRM refuses it with its mapped fields, it is written without, and then those that are not refused. */
async function logWithFields({ crm }: Scene, entry: CallEntry, mapped: MappedFields): Promise<CrmResult<Logged>> {
  const whole = await crm.logCall(entry);
  if (whole.outcome === 'done') {
    const cut = whole.value.cut.map((field) => ({ field, outcome: 'cut' as const }));
    return { outcome: 'done', value: { ...whole.value, fields: [...cut, ...mapped.results] } };
  }
  const isWhole = entry.fields === undefined || whole.outcome === 'unable' || !mayBeAField(whole.failure);
  if (isWhole) return whole;
  const { fields: _, ...bare } = entry;
  const logged = await crm.logCall(bare);
  if (logged.outcome !== 'done') return logged;
  const { ref, again } = logged.value;
  const { written, refused, failure } = await writeFields(mapped.values, {
    write: (values) => crm.update(ref, values),
    note: () => Promise.resolve(),
  });
  if (failure !== undefined && failure.class !== 'permanent') return { outcome: 'failed', failure };
  const reasonOf = (field: string): string => refused.get(field) ?? failure?.message ?? 'the CRM refused it';
  const fields = mapped.results.map(
    (result): MemorializedFieldResult =>
      result.field in mapped.values && !written.includes(result.field)
        ? { field: result.field, outcome: 'refused', message: reasonOf(result.field) }
        : result,
  );
  return { outcome: 'done', value: { ref, again, fields } };
}

interface Entry {
  readonly ref: RecordRef;
  /** It was there before. */
  readonly again: boolean;
  readonly others: readonly RecordRef[];
}

/** What can be done once the entry is there. */
function further({ job, about, step }: StepScene<'timeline'>, { ref, again, others }: Entry): MemorializationStep[] {
  const links = others.map((to) => ({ kind: 'link' as const, call: { module: ref.module, id: ref.id }, to }));
  const isLost = again && about.cannot['update-call'] !== undefined && about.cannot['attach-note'] === undefined;
  const [at] = step.about;
  const hasRecording = itemText('{recording.url}', job.record) !== '';
  return isLost && hasRecording && at !== undefined ? [...links, { kind: 'recording', at }] : links;
}
