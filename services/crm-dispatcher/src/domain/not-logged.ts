import { loggedCall } from '@patchcord/call-model';
import { type DispatchJob, Failure, type RecordJob } from '@patchcord/contracts';
import type { Destination } from './destinations.ts';

/** A memorialization also changes records that are linked: that logs no call. */
const isOfTimeline = ({ memorialization: of }: RecordJob): boolean =>
  of === undefined || !['plan', 'update'].includes(of.step.kind);

/** Why the record of a call is not written: its connection logs no such calls. An automation that says so writes all the same. */
export function notLogged(job: DispatchJob, to: Destination): Failure | undefined {
  if (job.kind !== 'record' || job.cause !== 'after-call' || to.kind !== 'crm' || !isOfTimeline(job)) return undefined;
  const decided = loggedCall(job.record, to.entity.logging);
  return decided.logged ? undefined : new Failure('permanent', 'not_logged', decided.why);
}
