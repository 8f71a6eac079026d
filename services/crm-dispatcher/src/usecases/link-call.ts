import type { Failure } from '@patchcord/contracts';
import { doneOf, type StepDone, type StepScene, type StepTools } from './step-scene.ts';

/** What a CRM has no link for: it stays so, however often it is tried. */
const impossible: ReadonlySet<string> = new Set(['crm_link', 'crm_no_relation']);

/** Links the entry in the timeline to a further record. CRMs that link one by one keep one link, however often it is made. */
export async function linkCall(
  { notes }: Pick<StepTools, 'notes'>,
  { job, step, crm }: StepScene<'link'>,
): Promise<StepDone | Failure> {
  const { call, to } = step;
  const print = JSON.stringify(call);
  if ((await notes.read(job)).print === print) return { outcome: 'unchanged', record: to };
  const result = await crm.link(call, to);
  if (result.outcome === 'failed' && impossible.has(result.failure.code))
    return { outcome: 'unable', record: to, message: result.failure.message };
  if (result.outcome === 'done') await notes.keep(job, { print });
  return doneOf(result, () => ({ outcome: 'written', record: to }));
}
