import { createHash } from 'node:crypto';
import type { Publisher } from '@patchcord/bus';
import { asFailure, type CustomRaised, customEvents, type EventJob } from '@patchcord/contracts';
import type { SendOutcome } from '../domain/send-outcome.ts';

/** Tells an event of a tenant's own, once however often it is asked. Never throws. */
export type RaiseEvent = (job: EventJob) => Promise<SendOutcome>;

export function createRaiseEvent(publisher: Pick<Publisher, 'publish'>, source: string): RaiseEvent {
  return async (job) => {
    const startedAt = performance.now();
    try {
      await publisher.publish(raised(job, source));
      return { ok: true, durationMs: performance.now() - startedAt };
    } catch (error) {
      return { ok: false, failure: asFailure(error), durationMs: performance.now() - startedAt };
    }
  };
}

const maxIdLength = 256;

/** Its id is that of the work, so that telling twice tells once; its subject the name, by which others can listen. */
function raised({ workId, tenantId, callId, event }: EventJob, source: string): CustomRaised {
  return {
    specversion: '1.0',
    id: workId.length <= maxIdLength ? workId : createHash('sha256').update(workId).digest('base64url'),
    source,
    type: customEvents.customRaised.type,
    subject: event.name,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    ...(callId === undefined ? {} : { correlationid: callId }),
    data: event,
  };
}
