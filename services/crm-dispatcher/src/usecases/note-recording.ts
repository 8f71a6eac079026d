import { itemText } from '@patchcord/call-model';
import { Failure } from '@patchcord/contracts';
import { doneOf, type StepDone, type StepScene, type StepTools } from './step-scene.ts';
import { wroteNothing } from './write-record.ts';

/**
 * Writes the link to a recording as a note, once, where the CRM changes no entry that is there. A note cannot be looked
 * up: one whose answer was lost is repeated only by a person.
 */
export async function noteRecording(
  { notes }: Pick<StepTools, 'notes'>,
  { job, step, crm, series }: StepScene<'recording'>,
): Promise<StepDone | Failure> {
  const print = itemText('{recording.url}', job.record);
  const before = await notes.read(job);
  const isSame = before.print === print;
  if (isSame && before.begunIn === undefined) return { outcome: 'unchanged', record: step.at };
  if (isSame && before.begunIn === series) return unknown();
  await notes.keep(job, { print, begunIn: series });
  const result = await crm.attachNote(step.at, `Recording: ${print}`);
  if (result.outcome === 'done') await notes.keep(job, { print });
  else if (wroteNothing(result)) await notes.keep(job, before);
  return doneOf(result, () => ({ outcome: 'written', record: step.at }));
}

const unknown = (): Failure =>
  new Failure(
    'permanent',
    'write_unknown',
    'whether the note with the recording was written is not known: look at the record before this is replayed',
  );
