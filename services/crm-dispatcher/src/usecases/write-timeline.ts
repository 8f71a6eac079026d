import { createHash } from 'node:crypto';
import { itemText } from '@patchcord/call-model';
import { type CallEntry, type CrmResult, crmConnectors, type RecordRef } from '@patchcord/connectors';
import {
  Failure,
  type Memorialization,
  type MemorializationStep,
  type MemorializedFieldResult,
} from '@patchcord/contracts';
import type { StepNote } from '../adapters/step-notes.ts';
import { defined } from '../domain/defined.ts';
import { type MappedFields, mappedFields } from '../domain/mapped-fields.ts';
import { stepJob } from '../domain/memorialization-steps.ts';
import { timelineEntry } from '../domain/timeline-entry.ts';
import type { Scene, StepDone, StepScene, StepTools } from './step-scene.ts';
import { mayBeAField, writeFields } from './write-fields.ts';
import { wroteNothing } from './write-record.ts';

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
  const print = printOf(entry);
  const before = await notes.read(job);
  const isThere = before.print === print && before.ref !== undefined;
  const there = isThere ? before : await write(options, scene, { entry, print, mapped, before });
  if (there instanceof Failure) return there;
  const { ref, first: stands, said } = there;
  const next = ref === undefined ? [] : further(scene, { ref, stands, others });
  await options.addSteps(next.map((one) => stepJob(job, one)));
  return said?.revision === job.revision ? said.done : { outcome: 'unchanged', ...defined({ record: ref }) };
}

const printOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

interface Writing {
  readonly entry: CallEntry;
  readonly print: string;
  readonly mapped: MappedFields;
  readonly before: StepNote;
}

type Written = Pick<StepNote, 'ref' | 'first' | 'said'>;

/** Writes the entry, and notes what stands there now. */
async function write(
  { notes }: StepTools,
  scene: StepScene<'timeline'>,
  { entry, print, mapped, before }: Writing,
): Promise<Written | Failure> {
  const { job, about } = scene;
  const never = about.cannot['update-call'];
  const own = { print, ...defined({ recording: recordingOf(scene) }) };
  // Of several attempts without an answer the first that came through is what stands there.
  const first = before.first ?? own;
  if (never !== undefined && before.first === undefined) await notes.keep(job, { ...before, first });
  const logged = await logWithFields(scene, entry, mapped);
  if (logged.outcome !== 'done') {
    if (never !== undefined && wroteNothing(logged)) await notes.keep(job, before);
    return logged.outcome === 'failed' ? logged.failure : saidOf(scene, { outcome: 'unable', message: logged.why });
  }
  const { ref, again, fields } = logged.value;
  const stands = again ? first : own;
  const isLate = never !== undefined && stands.print !== print;
  const record = { module: ref.module, id: ref.id };
  const done: StepDone = isLate ? { outcome: 'unable', message: never } : { outcome: 'written', fields: [...fields] };
  const there = {
    ...saidOf(scene, { ...done, record }),
    ref: record,
    ...(never === undefined ? {} : { first: stands }),
  };
  await notes.keep(job, { print, ...there });
  return there;
}

const saidOf = ({ job: { revision } }: Scene, done: StepDone): Written => ({
  said: { revision, done: { fields: [], ...done } },
});

const recordingOf = ({ job }: Scene): string | undefined => {
  const url = itemText('{recording.url}', job.record);
  return url === '' ? undefined : printOf(url);
};

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

function entryOf({ job, userId, storyLink }: Scene, timeline: Timeline, { about, fields }: EntryParts): CallEntry {
  const { record, occurredAt } = job;
  return timelineEntry(record, timeline, { about, fields, userId, storyLink, now: occurredAt });
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
  /** What it says, where the CRM changes no entry. */
  readonly stands: StepNote['first'];
  readonly others: readonly RecordRef[];
}

/** What can be done once the entry is there. */
function further(scene: StepScene<'timeline'>, { ref, stands, others }: Entry): MemorializationStep[] {
  const { about, step } = scene;
  const links = others.map((to) => ({ kind: 'link' as const, call: { module: ref.module, id: ref.id }, to }));
  const recording = recordingOf(scene);
  const isMissing = stands !== undefined && recording !== undefined && stands.recording !== recording;
  const [at] = step.about;
  if (!isMissing || at === undefined || about.cannot['attach-note'] !== undefined) return links;
  return [...links, { kind: 'recording', at }];
}
