import { loggedCall } from '@patchcord/call-model';
import type { Crm, RecordRef } from '@patchcord/connectors';
import { type CallRecord, Failure, type MemorializationStep } from '@patchcord/contracts';
import { customerNumber } from '../domain/call-entry.ts';
import { defined } from '../domain/defined.ts';
import { rowsOf } from '../domain/mapped-fields.ts';
import { stepJob } from '../domain/memorialization-steps.ts';
import type { StepDone, StepScene, StepTools } from './step-scene.ts';

/** Who the conversation was with, and what is to be written of it. */
export async function planSteps(options: StepTools, scene: StepScene<'plan'>): Promise<StepDone | Failure> {
  const { job, step } = scene;
  const linked = isAboutAnybody(scene) ? await linkedOf(options, scene) : step.linked;
  if (linked instanceof Failure) return linked;
  await options.notes.keep(job, { linked: [...linked] });
  const steps = stepsFor(scene, linked);
  await options.addSteps(steps.map((next) => stepJob(job, next)));
  return { outcome: 'written' };
}

/** Whether anything is written at anybody. Else the CRM need not be asked who it was. */
function isAboutAnybody({ memorialization, job, connection }: StepScene<'plan'>): boolean {
  const { timeline, entities } = memorialization;
  const isLinked = timeline !== false && timeline.link && loggedCall(job.record, connection.logging).logged;
  return isLinked || entities.some(({ fields }) => rowsOf(fields, job.record).length > 0);
}

/** As the card says. Without that: whom an earlier revision found, or whoever has the number, if it is one alone. */
async function linkedOf(
  { notes }: StepTools,
  { job, step, crm, connection }: StepScene<'plan'>,
): Promise<readonly RecordRef[] | Failure> {
  if (step.linked.length > 0) return step.linked;
  const wanted = (ref: RecordRef): boolean => !step.unlinked.some((one) => isSame(one, ref));
  const before = ((await notes.read(job)).linked ?? []).filter(wanted);
  if (before.length > 0) return before;
  const found = await whoAlone(crm, job.record, connection.logging.modules);
  return found instanceof Failure ? found : found.filter(wanted);
}

/** Whoever alone has the number, or else the mail address that somebody wrote from. */
async function whoAlone(
  crm: Crm,
  record: CallRecord,
  modules: readonly string[] | undefined,
): Promise<readonly RecordRef[] | Failure> {
  const number = customerNumber(record);
  const address = record.digital?.customer?.email;
  const byNumber = number === undefined ? [] : hitsOf(await crm.searchByPhone({ number, ...defined({ modules }) }));
  if (byNumber instanceof Failure || byNumber.length > 0 || address === undefined) return alone(byNumber);
  const byAddress = await crm.searchByEmail({ address, ...defined({ modules }) });
  if (byAddress.outcome === 'failed') return byAddress.failure;
  return alone(byAddress.outcome === 'unable' ? [] : byAddress.value);
}

function hitsOf(found: Awaited<ReturnType<Crm['searchByPhone']>>): readonly RecordRef[] | Failure {
  if (found.outcome === 'failed') return found.failure;
  return found.outcome === 'unable' || !found.value.searched ? [] : found.value.hits;
}

/** Of several nobody is chosen. */
function alone(found: readonly RecordRef[] | Failure): readonly RecordRef[] | Failure {
  if (found instanceof Failure) return found;
  return found.length === 1 ? found.map(({ module, id }) => ({ module, id })) : [];
}

const isSame = (one: RecordRef, other: RecordRef): boolean => one.module === other.module && one.id === other.id;

function stepsFor({ memorialization, job }: StepScene<'plan'>, linked: readonly RecordRef[]): MemorializationStep[] {
  const { timeline, entities } = memorialization;
  const mapped = new Set(
    entities.filter(({ fields }) => rowsOf(fields, job.record).length > 0).map(({ module }) => module),
  );
  const updates = linked.filter(({ module }) => mapped.has(module));
  return [
    ...(timeline === false ? [] : [{ kind: 'timeline' as const, about: timeline.link ? [...linked] : [] }]),
    ...updates.map((record) => ({ kind: 'update' as const, record })),
  ];
}
