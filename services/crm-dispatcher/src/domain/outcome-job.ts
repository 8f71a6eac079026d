import type { DispatchJob, SessionChanges, VariablesJob } from '@patchcord/contracts';
import { defined } from './defined.ts';

type Source = Pick<
  DispatchJob,
  'workId' | 'tenantId' | 'callId' | 'interactionId' | 'destination' | 'cause' | 'occurredAt' | 'automation'
>;

/**
 * Work that writes into the session what came of other work, in the same queue. Undefined where there is nothing to
 * write, or no call to write it into.
 *
 * @param what it tells, as a part of its id, the same whenever it is told
 */
export function outcomeJob(source: Source, what: string, changes: SessionChanges): VariablesJob | undefined {
  const { workId, tenantId, callId, interactionId, destination, cause, occurredAt, automation } = source;
  if (callId === undefined || Object.keys(changes).length === 0) return undefined;
  return {
    kind: 'variables',
    workId: `${workId}-${what}`,
    tenantId,
    callId,
    destination,
    cause,
    occurredAt,
    series: 1,
    changes: { ...changes },
    ...defined({ interactionId, automation: automation === undefined ? undefined : { id: automation.id } }),
  };
}
