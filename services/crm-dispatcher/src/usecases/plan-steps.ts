import type { RecordRef } from '@patchcord/connectors';
import { Failure, type MemorializationStep } from '@patchcord/contracts';
import { customerNumber } from '../domain/call-entry.ts';
import { defined } from '../domain/defined.ts';
import { rowsOf } from '../domain/mapped-fields.ts';
import { stepJob } from '../domain/memorialization-steps.ts';
import type { StepDone, StepScene, StepTools } from './step-scene.ts';

/** Who the conversation was with, and what is to be written of it. */
export async function planSteps(options: StepTools, scene: StepScene<'plan'>): Promise<StepDone | Failure> {
  const { job } = scene;
  const linked = await linkedOf(options, scene);
  if (linked instanceof Failure) return linked;
  await options.notes.keep(job, { linked: [...linked] });
  const steps = stepsFor(scene, linked);
  await options.addSteps(steps.map((step) => stepJob(job, step)));
  return { outcome: 'written' };
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
  const number = customerNumber(job.record);
  if (number === undefined) return [];
  const found = await crm.searchByPhone({ number, ...defined({ modules: connection.logging.modules }) });
  if (found.outcome === 'failed') return found.failure;
  if (found.outcome === 'unable' || !found.value.searched || found.value.hits.length !== 1) return [];
  return found.value.hits.map(({ module, id }) => ({ module, id })).filter(wanted);
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
