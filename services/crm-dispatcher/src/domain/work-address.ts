import type { DispatchJob } from '@patchcord/contracts';
import type { Destination } from './destinations.ts';

/** How a piece of work is done and where it goes, as the log shows it. */
export interface WorkAddress {
  readonly method: string;
  readonly url: string;
}

/** @param recordUrl where a CRM connection keeps the record */
export function workAddress(job: DispatchJob, to: Destination | undefined, recordUrl: string): WorkAddress {
  switch (job.kind) {
    case 'request':
      return { method: job.method, url: job.url };
    case 'record':
      return { method: 'PUT', url: recordUrl };
    case 'mail':
      return { method: 'SEND', url: to?.kind === 'mail' ? `smtp://${to.entity.host}:${to.entity.port}` : removed };
    case 'variables':
      return { method: 'WRITE', url: `session:${job.callId}` };
    case 'workflow':
      return { method: 'RUN', url: `workflow:${job.workflowId}` };
    case 'presence':
      return { method: 'SHOW', url: `presence:${job.agentId}` };
    case 'event':
      return { method: 'PUBLISH', url: `event:custom.${job.event.name}` };
  }
}

/** Stands for an address that is not known any more. */
export const removed = 'https://removed.invalid/';
