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
  // What was read of it is not whole: the connector would take it for something that the CRM never says.
  if (byStatus !== undefined && isTooLong(byStatus)) return byStatus;
  const meaning = failureOf?.(answer);
  if (meaning === undefined) return byStatus;
  const { class: failureClass, code, message } = meaning;
  const { status } = answer;
  if (failureClass !== 'throttled') return new Failure(failureClass, code, message, { status });
  return new Failure(failureClass, code, message, { status, retryAt: retryAtOf(meaning, answer, byStatus) });
}

/** The CRM did what it was asked, and said more of it than we read. */
export const isTooLong = ({ code }: Failure): boolean => code === 'response_too_large';

/** What the CRM says itself, then what the connector knows of it, then what is usual. */
function retryAtOf({ waitMs }: FailureMeaning, { headers }: CrmAnswer, byStatus: Failure | undefined): Date {
  const isSaid = headers['retry-after'] !== undefined || waitMs === undefined;
  return (isSaid ? byStatus?.retryAt : undefined) ?? new Date(Date.now() + (waitMs ?? defaultWaitMs));
}
