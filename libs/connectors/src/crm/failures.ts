import { Failure } from '@patchcord/contracts';
import type { CrmAnswer, CrmConnector } from './port.ts';
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
  const { class: failureClass, code, message, waitMs = defaultWaitMs } = meaning;
  const { status } = answer;
  if (failureClass !== 'throttled') return new Failure(failureClass, code, message, { status });
  const retryAt = byStatus?.retryAt ?? new Date(Date.now() + waitMs);
  return new Failure(failureClass, code, message, { status, retryAt });
}
