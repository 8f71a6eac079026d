import { Failure } from '@patchcord/contracts';
import type { CrmAnswer, CrmConnector, FailureMeaning } from './port.ts';
import type { CrmRequest } from './request.ts';

/** A CRM that says to wait, but not how long (ms). */
const defaultWaitMs = 5000;

/**
 * What an answer means when it is no success: in the connector's words, or else by its status.
 *
 * @param byStatus what the status alone says; undefined: success
 */
export function failureOfAnswer<Settings>(
  { failureOf }: CrmConnector<Settings>,
  { expect = [] }: CrmRequest,
  answer: CrmAnswer,
  byStatus: Failure | undefined,
): Failure | undefined {
  if (expect.includes(answer.status)) return undefined;
  const meaning = failureOf?.(answer);
  if (meaning === undefined) return byStatus;
  const { class: failureClass, code, message } = meaning;
  const { status } = answer;
  if (failureClass !== 'throttled') return new Failure(failureClass, code, message, { status });
  return new Failure(failureClass, code, message, { status, retryAt: retryAtOf(meaning, answer, byStatus) });
}

/** What the CRM says itself, then what the connector knows of it, then what is usual. */
function retryAtOf({ waitMs }: FailureMeaning, { headers }: CrmAnswer, byStatus: Failure | undefined): Date {
  const isSaid = headers['retry-after'] !== undefined || waitMs === undefined;
  return (isSaid ? byStatus?.retryAt : undefined) ?? new Date(Date.now() + (waitMs ?? defaultWaitMs));
}
