import type { CrmResult } from '@patchcord/connectors';
import { Failure } from '@patchcord/contracts';

/** What was done, or why it was not: what a CRM cannot do fails as well where it is needed. */
export function doneOr<Value>(result: CrmResult<Value>): Value | Failure {
  if (result.outcome === 'done') return result.value;
  return result.outcome === 'failed' ? result.failure : new Failure('permanent', 'crm_unable', result.why);
}
